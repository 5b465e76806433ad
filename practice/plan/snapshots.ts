import type { DatabaseSettings, Settings } from "../config/settings.ts";
import type { SnapshotsEntry } from "./entries.ts";
import { KEY_WINDOW_DAYS } from "./keys.ts";

/** Atlas replays its log from the newest snapshot: the shorter the way from there, the sooner a restore is done. Its own default. */
const ATLAS_EVERY_HOURS = 6;

/** A vault without a lock loses its snapshots with one stolen key; a lock in governance mode can still be taken off. */
const LOCK_DAYS = 7;

/** What the providers of the databases take, beside our dumps. */
export const planSnapshots = (settings: Settings): readonly SnapshotsEntry[] =>
  Object.entries(settings.databases).flatMap(([source, database]) => {
    const taken = takenOf(database, settings);
    return taken === undefined ? [] : [{
      kind: "snapshots" as const,
      name: `${source}-snapshots`,
      from: `upkeep:databases.${source}.snapshots`,
      carries: ["backup.managed"] as const,
      source,
      ...taken,
    }];
  });

function takenOf(database: DatabaseSettings, { store }: Settings): Pick<SnapshotsEntry, "keepDays" | "pointInTimeDays" | "of"> | undefined {
  if (database.engine === "mongodb-atlas") {
    const { snapshots, atlas } = database;
    return snapshots && { ...snapshots, of: { kind: "atlas", projectId: atlas.projectId, cluster: atlas.cluster, everyHours: ATLAS_EVERY_HOURS } };
  }
  if (database.snapshots === undefined) return undefined;
  const { resource, schedule, restoreTest, keepDays, pointInTimeDays } = database.snapshots;
  return {
    keepDays, pointInTimeDays,
    of: {
      kind: "rds", resource, schedule, restoreTest,
      ...(store.secondRegion === undefined ? {} : { secondRegion: store.secondRegion }),
      lock: store.lock ?? { mode: "governance", days: Math.min(LOCK_DAYS, keepDays, pointInTimeDays) },
      keyWindowDays: KEY_WINDOW_DAYS,
    },
  };
}
