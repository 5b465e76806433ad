import type { Problem } from "../../config/problems.ts";
import type { DatabaseSettings, Settings } from "../../config/settings.ts";
import { TASK_MAX_GIB } from "../runner.ts";

export const findSnapshotConflicts = (settings: Settings): readonly Problem[] =>
  Object.entries(settings.databases).flatMap(([name, database]) => {
    const path = `upkeep:databases.${name}`;
    return [...demanded(path, database), ...lockedTooLong(path, database, settings)];
  });

/** Redis is a cache, or small: its memory is its size. */
function demanded(path: string, database: DatabaseSettings): readonly Problem[] {
  if (database.sizeGiB <= TASK_MAX_GIB || database.snapshots !== undefined || database.engine === "redis") return [];
  const [wayOut, whoElse] = {
    "mongodb-atlas": ["{ keep: 35 days, pointInTime: 7 days }", "Atlas takes them"],
    postgresql: ["{ resource: <ARN of the RDS instance>, every: daily at 04:30, restoreTest: weekly on sunday at 06:00 }", "RDS takes them"],
    mongodb: [undefined, ""],
  }[database.engine];
  return [{
    path: `${path}.snapshots`,
    message: `Expected snapshots of its provider for a database of ${database.sizeGiB} GiB, got none: above ${TASK_MAX_GIB} GiB no dump ends in time. `
      + (wayOut === undefined ? "Take snapshots of its disks, and answer backup.mongodb.daily under notApplicable." : `${whoElse}: add \`snapshots: ${wayOut}\`.`),
  }];
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
