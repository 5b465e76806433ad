import type { Problem } from "../../config/problems.ts";
import type { DatabaseSettings, Settings } from "../../config/settings.ts";
import { laterInDay, timeOfDayIn } from "../../config/words/time-of-day.ts";
import { TASK_MAX_GIB } from "../runner.ts";

/** By then the day's snapshot is taken. */
const RESTORE_TEST_AFTER_HOURS = 2;

export const findSnapshotConflicts = (settings: Settings): readonly Problem[] =>
  Object.entries(settings.databases).flatMap(([name, database]) => {
    const path = `upkeep:databases.${name}`;
    return [...demanded(path, database, settings), ...lockedTooLong(path, database, settings)];
  });

/**
 * Redis is a cache, or small: its memory is its size. Of a MongoDB that nobody manages the snapshots are a person's,
 * who says so by answering for its dump.
 */
function demanded(path: string, database: DatabaseSettings, { notApplicable }: Settings): readonly Problem[] {
  const reason = reasonOf(database);
  if (reason === undefined || database.snapshots !== undefined || database.engine === "redis") return [];
  if (database.engine === "mongodb" && database.backup === undefined && notApplicable["backup.mongodb.daily"] !== undefined) return [];
  const time = timeOfDayIn(database.backup?.schedule.words ?? "") ?? "04:30";
  const wayOut = {
    "mongodb-atlas": "Atlas takes them: add `snapshots: { keep: 35 days, pointInTime: 7 days }`.",
    postgresql: `RDS takes them: add \`snapshots: { resource: <ARN of the RDS instance>, every: daily at ${time}, restoreTest: weekly on sunday at ${laterInDay(time, RESTORE_TEST_AFTER_HOURS) ?? time} }\`.`,
    mongodb: "Take snapshots of its disks, remove the backup here, and answer backup.mongodb.daily under notApplicable.",
  }[database.engine];
  return [{ path: `${path}.snapshots`, message: `Expected snapshots of its provider for ${reason} ${wayOut}` }];
}

/** Why no dump of ours is enough; nothing where one is. */
function reasonOf(database: DatabaseSettings): string | undefined {
  if (database.sizeGiB > TASK_MAX_GIB) return `a database of ${database.sizeGiB} GiB, got none: above ${TASK_MAX_GIB} GiB no dump ends in time.`;
  if ("sharded" in database && database.sharded === true) {
    return "a sharded database, got none: a dump reads each shard at a time of its own, and what moves between them meanwhile is in it twice or not at all.";
  }
  return undefined;
}

/** AWS Backup fails every job whose snapshot would have to go before its lock ends. */
function lockedTooLong(path: string, database: DatabaseSettings, { store }: Settings): readonly Problem[] {
  if (store.lock === undefined || database.engine === "mongodb-atlas" || database.snapshots === undefined) return [];
  const { keepDays, pointInTimeDays } = database.snapshots;
  const least = Math.min(keepDays, pointInTimeDays);
  if (store.lock.days <= least) return [];
  return [{
    path: `${path}.snapshots.${least === keepDays ? "keep" : "pointInTime"}`,
    message: `Expected at least the ${store.lock.days} days of upkeep:store.lock, got ${least} days: AWS Backup refuses a snapshot that has to go before its lock ends. Lengthen it or shorten the lock.`,
  }];
}
