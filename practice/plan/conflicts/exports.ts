import type { Problem } from "../../config/problems.ts";
import type { Settings } from "../../config/settings.ts";
import { duringMaintenance, goneBeforeItIsRead } from "./backups.ts";
import { backedUp, backedUpWeekly, exportedDatabases } from "./sources.ts";
import { startingTogether } from "./weekly.ts";

export function findExportConflicts(settings: Settings): readonly Problem[] {
  const exported = exportedDatabases(settings);
  return [
    ...exported.flatMap((source) => [
      ...(source.settings.backup === undefined ? [withoutBackup(source.path)] : []),
      ...goneBeforeItIsRead(source),
      ...duringMaintenance(source, source.settings, settings),
    ]),
    ...startingTogether(exported, [...backedUp(settings), ...backedUpWeekly(settings)]),
  ];
}

const withoutBackup = (path: string): Problem => ({
  path: `${path}.backup`,
  message: "Expected a backup beside the export, got none. An export has no indexes, no constraints and no users: people read it, nothing is restored from it. Add `backup: { every: ..., keep: ... }`.",
});
