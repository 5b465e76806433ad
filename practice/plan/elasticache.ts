import type { DatabaseBackupSettings, DatabaseSettings, ElastiCacheDatabase } from "../config/settings.ts";
import { exportDays, exportLimitHours } from "../contract/elasticache.ts";
import type { BackupEntry, ElastiCacheBackupEntry, ExportBucketEntry } from "./entries.ts";
import { dumpFunction, LONGEST_FUNCTION_RUN_SECONDS, RETRY_AFTER_SECONDS } from "./functions.ts";
import { askSeconds } from "./runner.ts";

/** A snapshot of a gigabyte takes minutes: a look each minute costs a run about twenty calls of a function. */
const LOOK_EVERY_SECONDS = 60;

export const isElastiCache = (database: DatabaseSettings): database is ElastiCacheDatabase => "elasticache" in database;

export const planElastiCache = (source: string, database: ElastiCacheDatabase, backup: DatabaseBackupSettings): ElastiCacheBackupEntry => ({
  kind: "elasticache-backup",
  name: source,
  from: `upkeep:databases.${source}.backup`,
  // No guide asks for a backup of Redis.
  carries: [],
  engine: "redis",
  database: database.database,
  of: database.elasticache,
  ...(backup.content === undefined ? {} : { content: backup.content }),
  lookEverySeconds: LOOK_EVERY_SECONDS,
  source,
  schedule: backup.schedule,
  keepDays: backup.keepDays,
  sizeGiB: database.sizeGiB,
  retryAfterSeconds: RETRY_AFTER_SECONDS,
  ...dumpFunction(database.sizeGiB),
});

/** One for all of them: each has names of its own in it. */
export const planExportBucket = (backups: readonly BackupEntry[]): readonly ExportBucketEntry[] =>
  (backups.some(({ kind }) => kind === "elasticache-backup")
    ? [{ kind: "export-bucket", name: "exports", from: "upkeep:databases", carries: [], emptiedAfterDays: exportDays }]
    : []);

/** From its start to the end of its second attempt to store an export that came at the last moment. */
export const LONGEST_EXPORT_RUN_SECONDS = exportLimitHours * 3600 + LONGEST_FUNCTION_RUN_SECONDS + 2 * askSeconds.verify;
