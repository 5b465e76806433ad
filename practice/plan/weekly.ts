import type { BackupSettings } from "../config/settings.ts";
import { weeklySource } from "../contract/names.ts";
import type { BackupEntry } from "./entries.ts";

/** Each backup once more, apart from the first: its own prefix in the store, schedule, days, checks and alarms. */
export const planWeekly = (weekly: BackupSettings | undefined, backups: readonly BackupEntry[]): readonly BackupEntry[] =>
  weekly === undefined ? [] : backups.map((backup): BackupEntry => ({
    ...backup,
    ...weekly,
    name: weeklySource(backup.name),
    source: weeklySource(backup.source),
    again: backup.source,
    from: "upkeep:weekly",
    carries: ["backup.full.weekly"],
  }));
