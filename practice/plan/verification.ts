import type { CatalogId } from "../catalog/item.ts";
import type { VerifySettings } from "../config/source-settings.ts";
import type { Settings } from "../config/settings.ts";
import type { Schedule } from "../config/words/schedule.ts";
import { engineOf } from "./backup-kinds.ts";
import { gapSeconds } from "./calendar.ts";
import type { BackupEntry, VerificationEntry } from "./entries.ts";
import { checkFunction, copiesFunction } from "./functions.ts";

const DAY_SECONDS = 86_400;

/** Two guides ask for integrity checks every week; at the end of summer time a week is an hour longer. */
const WEEKLY_AT_MOST_SECONDS = 7 * DAY_SECONDS + 3600;

const DAYS_OF_A_WEEK = 7;

/** Checks of everything that is backed up: whoever declares a backup gets them, and only says when. */
export function planVerification(settings: Settings, backups: readonly BackupEntry[]): readonly VerificationEntry[] {
  const { timeZone } = settings.system;
  return backups.map((backup): VerificationEntry => {
    const { source, keepDays } = backup;
    const { from, verify } = saidOf(backup, settings);
    const published = backup.kind === "database-backup" ? backup.toolsLayer : backup.kind === "host-backup" && backup.engine !== "files" ? settings.system.toolsLayer : undefined;
    const checks = checksOf(verify, keepDays, timeZone);
    return {
      kind: "verification",
      name: `${source}-verify`,
      from,
      carries: integrity(checks),
      source,
      engine: engineOf(backup),
      keepDays,
      checks,
      ...(published === undefined ? {} : { toolsLayer: published }),
      ...(backup.kind === "files-backup" && backup.as === "copies" ? copiesFunction : checkFunction),
    };
  });
}

/** What the stack file says of the checks of a source, and where: a weekly one is checked when its own source says. */
function saidOf(backup: BackupEntry, settings: Settings): { readonly from: string; readonly verify: VerifySettings } {
  const { source, again = source, from } = backup;
  switch (backup.kind) {
    case "host-backup": return backup.engine === "files"
      ? { from: `upkeep:files.${again}.verify`, verify: settings.files[again]?.verify ?? {} }
      : { from: `upkeep:databases.${again}.verify`, verify: settings.databases[again]?.verify ?? {} };
    case "elasticache-backup":
    case "database-backup": return { from: `upkeep:databases.${again}.verify`, verify: settings.databases[again]?.verify ?? {} };
    case "files-backup": return { from: `upkeep:files.${again}.verify`, verify: settings.files[again]?.verify ?? {} };
    case "configuration-backup": return { from, verify: {} };
    case "repository-backup": return { from: `upkeep:repositories.${again}.verify`, verify: settings.repositories[again]?.verify ?? {} };
  }
}

/** After the nights' backups, and away from the hours at which clocks jump. */
const checksOf = ({ checksums, integrity: decode }: VerifySettings, keepDays: number, timeZone: string): VerificationEntry["checks"] => [
  { level: "checksums", schedule: checksums ?? { words: "daily at 06:00", expression: "cron(0 6 * * ? *)", timeZone } },
  { level: "decode", schedule: decode ?? defaultDecode(keepDays, timeZone) },
];

/** Retention waits for a backup that was read: where backups are kept for days, a week would hold them back. */
const defaultDecode = (keepDays: number, timeZone: string): Schedule => (keepDays < DAYS_OF_A_WEEK
  ? { words: "daily at 05:00", expression: "cron(0 5 * * ? *)", timeZone }
  : { words: "weekly on sunday at 05:00", expression: "cron(0 5 ? * SUN *)", timeZone });

const integrity = (checks: VerificationEntry["checks"]): readonly CatalogId[] =>
  (checks.every(({ schedule }) => gapSeconds(schedule) <= WEEKLY_AT_MOST_SECONDS) ? ["verify.integrity"] : []);
