import type { CatalogId } from "../catalog/item.ts";
import type { Engine, Settings } from "../config/settings.ts";
import type { Schedule } from "../config/words/schedule.ts";
import type { DrillEngine } from "../contract/scratch.ts";
import { gapSeconds } from "./calendar.ts";
import { drillTask } from "./drill-shape.ts";
import type { BackupEntry, DrillEntry } from "./entries.ts";
import { LOG_DAYS, RETRY_AFTER_SECONDS } from "./functions.ts";

/** The guides ask for a restore every month; from one first Sunday to the next there are up to five weeks, and an hour when clocks change. */
const MONTHLY_AT_MOST_SECONDS = 35 * 86_400 + 3600;

/** Databases of a MongoDB are restored in one way, wherever they are run. */
export const drillEngineOf = (engine: Engine): DrillEngine => (engine === "mongodb-atlas" ? "mongodb" : engine);

/** A restore of each database's newest backup, where the stack file says when. What does not go together is a conflict, and no drill. */
export function planDrills(settings: Settings, backups: readonly BackupEntry[]): readonly DrillEntry[] {
  const carries = drilledItem(settings);
  return Object.entries(settings.databases).flatMap(([source, database]): readonly DrillEntry[] => {
    const { restore: schedule, smoke } = database.verify;
    const engine = drillEngineOf(database.engine);
    const image = settings.system.fargate?.images[engine];
    const backup = backups.find((entry) => (entry.kind === "database-backup" || entry.kind === "elasticache-backup" || entry.kind === "host-backup") && entry.source === source);
    if (schedule === undefined || image === undefined || backup === undefined) return [];
    return [{
      kind: "drill",
      name: `${source}-drill`,
      from: `upkeep:databases.${source}.verify.restore`,
      carries,
      source,
      engine,
      image,
      schedule,
      ...(smoke === undefined ? {} : { smoke }),
      task: drillTask(engine, database.sizeGiB),
      retryAfterSeconds: RETRY_AFTER_SECONDS,
      logDays: LOG_DAYS,
    }];
  });
}

/** Of the whole system: while one database of record is not restored, what a restore of it would find is not known. */
function drilledItem({ databases }: Settings): readonly CatalogId[] {
  const ofRecord = Object.values(databases).filter(({ engine }) => engine !== "redis");
  return ofRecord.length > 0 && ofRecord.every(({ verify }) => verify.restore !== undefined && isMonthly(verify.restore)) ? ["verify.restore"] : [];
}

const isMonthly = (schedule: Schedule): boolean => gapSeconds(schedule) <= MONTHLY_AT_MOST_SECONDS;
