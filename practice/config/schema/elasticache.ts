import { sentence } from "../problems.ts";
import { show } from "../show.ts";
import { cacheClusterId, replicationGroupId } from "./forms.ts";
import { notBeside } from "./hosts.ts";
import { keys } from "./leaf.ts";

/** One of the two: a cluster that belongs to a group is a copy of it. */
export const elasticache = keys({ replicationGroup: replicationGroupId.exactOptional(), cacheCluster: cacheClusterId.exactOptional() }).transform((said, context) => {
  const { replicationGroup, cacheCluster } = said;
  if (replicationGroup !== undefined && cacheCluster === undefined) return { replicationGroup };
  if (cacheCluster !== undefined && replicationGroup === undefined) return { cacheCluster };
  context.issues.push({
    code: "custom", input: said,
    message: sentence("a replicationGroup or a cacheCluster", cacheCluster === undefined ? show(undefined) : "both", "write `elasticache: { replicationGroup: campus-sessions }`, or the cacheCluster of a node that belongs to no group"),
  });
  return undefined as never;
});

/** ElastiCache itself takes and exports the snapshot. */
const unused = (what: string) => notBeside(`no ${what} beside elasticache, whose snapshots are exported without a login`, "remove it").exactOptional();

export const notReached = { secret: unused("secret"), secretKey: unused("secretKey"), securityGroupId: unused("securityGroupId"), host: unused("host"), port: unused("port") };

/** What a person wrote decides which keys there are. */
export const saysElastiCache = (value: unknown): boolean => typeof value === "object" && value !== null && "elasticache" in value;
