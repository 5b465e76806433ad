import type { BackupSettings, DatabaseSettings, FilesSettings, Settings } from "../../config/settings.ts";

/** A database or a bucket that is backed up, with its place in the stack file. */
export interface BackedUp {
  readonly path: string;
  /** Where its days and its schedule stand. */
  readonly asked: string;
  readonly settings: DatabaseSettings | FilesSettings;
  readonly backup: BackupSettings;
}

export const backedUp = ({ databases, files }: Settings): readonly BackedUp[] =>
  [...placed("databases", databases), ...placed("files", files)];

const placed = (key: string, sources: Readonly<Record<string, DatabaseSettings | FilesSettings>>): readonly BackedUp[] =>
  Object.entries(sources).flatMap(([name, settings]) =>
    settings.backup === undefined ? [] : [{ path: `upkeep:${key}.${name}`, asked: `upkeep:${key}.${name}.backup`, settings, backup: settings.backup }]);

/** The same once more, as `upkeep:weekly` has them. */
export const backedUpWeekly = (settings: Settings): readonly BackedUp[] => {
  const { weekly } = settings;
  return weekly === undefined ? [] : backedUp(settings).map((source) => ({ ...source, asked: "upkeep:weekly", backup: weekly }));
};
