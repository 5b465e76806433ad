import type { CatalogId } from "../catalog/item.ts";
import type { BackupSettings, BucketFiles, DatabaseBackupSettings, DatabaseSettings, ElastiCacheDatabase, Engine, FilesSettings, HostDatabase, Settings } from "../config/settings.ts";
import type { BackupEntry, DatabaseBackupEntry, ElastiCacheBackupEntry, FilesBackupEntry, HostBackupEntry } from "./entries.ts";
import { runsDaily } from "./calendar.ts";
import { planConfiguration } from "./configuration.ts";
import { isElastiCache, planElastiCache } from "./elasticache.ts";
import { planExports } from "./exports.ts";
import { isOnHost, planHostDatabase, planHostFiles } from "./hosts.ts";
import { planRepositories } from "./repositories.ts";
import { planWeekly } from "./weekly.ts";
import { formOf } from "./copies.ts";
import { copiesFunction, dumpFunction, RETRY_AFTER_SECONDS } from "./functions.ts";
import { runnerOf } from "./runner.ts";

export function planBackups(settings: Settings): readonly BackupEntry[] {
  const databases = Object.entries(settings.databases).flatMap(([name, database]) =>
    database.backup === undefined ? [] : [planDatabaseOf(name, database, database.backup, settings)]);
  const files = Object.entries(settings.files).flatMap(([name, source]) =>
    source.backup === undefined ? [] : [planFilesOf(name, source, source.backup)]);
  return [...databases, ...files, ...planWeekly(settings.weekly, [...databases, ...files]), ...planExports(settings, databases), ...planRepositories(settings), ...planConfiguration(settings)];
}

function planDatabaseOf(source: string, database: DatabaseSettings, backup: DatabaseBackupSettings, settings: Settings): DatabaseBackupEntry | ElastiCacheBackupEntry | HostBackupEntry {
  if (database.runsOn === "host") return planHostDatabase(source, database, backup, dailyItem(dailyItems[database.engine], backup));
  return isElastiCache(database) ? planElastiCache(source, database, backup) : planDatabase(source, database, backup, settings);
}

function planDatabase(
  source: string, database: Exclude<DatabaseSettings, ElastiCacheDatabase | HostDatabase>, backup: DatabaseBackupSettings, settings: Settings,
): DatabaseBackupEntry {
  const { system } = settings;
  return {
    kind: "database-backup",
    name: source,
    from: `upkeep:databases.${source}.backup`,
    carries: dailyItem(dailyItems[database.engine], backup),
    engine: database.engine === "mongodb-atlas" ? "mongodb" : database.engine,
    database: database.database,
    ...(backup.content === undefined ? {} : { content: backup.content }),
    secret: database.secret,
    ...(database.secretKey === undefined ? {} : { secretKey: database.secretKey }),
    ...(database.host === undefined ? {} : { host: database.host }),
    ...(system.toolsLayer === undefined ? {} : { toolsLayer: system.toolsLayer }),
    reach: database.engine === "mongodb-atlas"
      ? { kind: "atlas", projectId: database.atlas.projectId, allowFrom: database.atlas.allowFrom }
      : { kind: "security-group", securityGroupId: database.securityGroupId, port: database.port },
    ...runnerOf(database.sizeGiB, settings),
    ...run(source, database.sizeGiB, backup),
  };
}

/** No guide asks for a backup of Redis: where it is more than a cache, it is backed up without an item of its own. */
const dailyItems: Readonly<Record<Engine, CatalogId | undefined>> = {
  "mongodb-atlas": "backup.mongodb.daily", mongodb: "backup.mongodb.daily", postgresql: "backup.postgresql.daily", redis: undefined,
};

const planFilesOf = (source: string, files: FilesSettings, backup: BackupSettings): FilesBackupEntry | HostBackupEntry =>
  (isOnHost(files) ? planHostFiles(source, files, backup, dailyItem("backup.files.daily", backup)) : planFiles(source, files, backup));

function planFiles(source: string, files: BucketFiles, backup: BackupSettings): FilesBackupEntry {
  return {
    kind: "files-backup",
    name: source,
    from: `upkeep:files.${source}.backup`,
    carries: dailyItem("backup.files.daily", backup),
    bucket: files.bucket,
    ...(files.key === undefined ? {} : { bucketKey: files.key }),
    as: formOf(files),
    ...run(source, files.sizeGiB, backup),
    ...(formOf(files) === "copies" ? copiesFunction : {}),
  };
}

/** A backup that runs less often than daily is worth having, but it is not the daily one that the guides ask for. */
const dailyItem = (item: CatalogId | undefined, { schedule }: BackupSettings): readonly CatalogId[] =>
  item !== undefined && runsDaily(schedule) ? [item] : [];

const run = (source: string, sizeGiB: number, { schedule, keepDays }: BackupSettings) =>
  ({ source, schedule, keepDays, sizeGiB, retryAfterSeconds: RETRY_AFTER_SECONDS, ...dumpFunction(sizeGiB) });
