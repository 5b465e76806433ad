import type { Problem } from "../../config/problems.ts";
import type { Settings } from "../../config/settings.ts";

/** `campus-abc123.serverless.euc1.cache.amazonaws.com`: first, because it ends as all of ElastiCache. */
const SERVERLESS = /\.serverless\.[a-z0-9]+\.cache\.amazonaws\.com(\.cn)?$/i;

/** `master.campus.abc123.euc1.cache.amazonaws.com`, `clustercfg.campus...`, `campus.abc123.ng.0001.euc1...`: each names its group. */
const ELASTICACHE = /\.cache\.amazonaws\.com(\.cn)?$/i;
const OF_GROUP = /^(master|replica|clustercfg|configuration)$/i;

/** `clustercfg.campus.abc123.memorydb.eu-central-1.amazonaws.com` */
const MEMORYDB = /\.memorydb\.[a-z0-9-]+\.amazonaws\.com(\.cn)?$/i;

/** A dump is fetched as a replica fetches it, and AWS lets no replica of ours in: said here, not by a function at night. */
export const findManagedRedisConflicts = ({ databases }: Settings): readonly Problem[] =>
  Object.entries(databases).flatMap(([name, { engine, backup, host }]) =>
    (engine === "redis" && backup !== undefined && typeof host === "string" ? judged(`upkeep:databases.${name}`, host) : []));

function judged(path: string, host: string): readonly Problem[] {
  if (SERVERLESS.test(host)) return [withoutExport(path, "a serverless cache of ElastiCache", "DailySnapshotTime and SnapshotRetentionLimit of the cache")];
  if (MEMORYDB.test(host)) return [withoutExport(path, "one of MemoryDB", "SnapshotRetentionLimit of its cluster")];
  if (!ELASTICACHE.test(host)) return [];
  return [{
    path: `${path}.elasticache`,
    message: `Expected the replication group of ${host}, which ElastiCache runs, got none: it hands its data to nobody's replicas (PSYNC) but its own, and exports snapshots instead. `
      + `Write \`elasticache: { replicationGroup: ${groupOf(host)} }\`, and remove host, port, secret and securityGroupId, which an export does not need; a node without a group is named by \`cacheCluster\`.`,
  }];
}

const groupOf = (host: string): string => {
  const [first = "", second = ""] = host.split(".");
  return OF_GROUP.test(first) ? second : first;
};

const withoutExport = (path: string, what: string, snapshots: string): Problem => ({
  path: `${path}.backup`,
  message: `Expected a Redis that hands its data to replicas (PSYNC), or a replication group of ElastiCache, got ${what}, which lets nobody in and whose snapshots upkeep does not order. `
    + `Remove the backup here and let AWS keep snapshots: ${snapshots}, at least the days that you would write here.`,
});
