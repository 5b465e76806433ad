import type { BackupSettings, DatabaseSettings, FilesSettings, RepositorySettings, Settings } from "../../config/settings.ts";

/** Some backup that the stack file asks for. */
export interface AskedFor {
  /** Where its days and its schedule stand. */
  readonly asked: string;
  readonly backup: BackupSettings;
}

/** A database or a bucket that is backed up, with its place in the stack file. */
export interface BackedUp extends AskedFor {
  readonly path: string;
  readonly settings: DatabaseSettings | FilesSettings;
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

/** Databases of which some tables are exported, with the days and the schedule of the export. */
export const exportedDatabases = ({ databases }: Settings): readonly (BackedUp & { readonly settings: DatabaseSettings })[] =>
  Object.entries(databases).flatMap(([name, settings]) => {
    const path = `upkeep:databases.${name}`;
    return settings.export === undefined ? [] : [{ path, asked: `${path}.export`, settings, backup: settings.export }];
  });

export const backedUpRepositories = ({ repositories }: Settings): readonly (AskedFor & { readonly path: string; readonly settings: RepositorySettings })[] =>
  Object.entries(repositories).map(([name, settings]) => {
    const path = `upkeep:repositories.${name}`;
    return { path, asked: `${path}.backup`, settings, backup: settings.backup };
  });

/** What is stored beside the backups of databases and files. */
export const backedUpApart = (settings: Settings): readonly AskedFor[] => [
  ...exportedDatabases(settings),
  ...backedUpRepositories(settings),
  ...(settings.configuration === undefined ? [] : [{ asked: "upkeep:configuration.backup", backup: settings.configuration.backup }]),
];
