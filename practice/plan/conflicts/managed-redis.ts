import type { Problem } from "../../config/problems.ts";
import type { Settings } from "../../config/settings.ts";

/** How AWS names what it runs: `master.campus.abc123.euc1.cache.amazonaws.com`, `clustercfg.campus.abc123.memorydb.eu-central-1.amazonaws.com`. */
const managed = [
  { service: "ElastiCache", ending: /\.cache\.amazonaws\.com(\.cn)?$/i, snapshots: "SnapshotRetentionLimit of its replication group" },
  { service: "MemoryDB", ending: /\.memorydb\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/i, snapshots: "SnapshotRetentionLimit of its cluster" },
] as const;

/** A dump is fetched as a replica fetches it, and AWS lets no replica of ours in: said here, not by a function at night. */
export const findManagedRedisConflicts = ({ databases }: Settings): readonly Problem[] =>
  Object.entries(databases).flatMap(([name, { engine, backup, host }]) => {
    const found = engine === "redis" && backup !== undefined && typeof host === "string" ? managed.find(({ ending }) => ending.test(host)) : undefined;
    return found === undefined ? [] : [{
      path: `upkeep:databases.${name}.backup`,
      message: `Expected a Redis that hands its data to replicas (PSYNC), got one of ${found.service}, which lets in nobody's but its own. `
        + `Remove the backup here and let ${found.service} keep snapshots: ${found.snapshots}, at least the days that you would write here.`,
    }];
  });
