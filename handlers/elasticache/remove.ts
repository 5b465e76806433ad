import { leftBehindHours, type Removed, runOfSnapshot } from "../../practice/contract/elasticache.ts";
import { exportedObjects, removeObjects } from "./exported-objects.ts";
import type { ElastiCacheJob } from "./job.ts";
import { type ElastiCachePorts, nameOf } from "./ports.ts";
import { snapshotsOf } from "./snapshots.ts";

/** While it is in use ElastiCache refuses to delete one; a run that left it so behind would fail the runs after it. */
const deletable: readonly string[] = ["available", "failed"];

/** Removes what a run left with ElastiCache and in the bucket between, and the snapshots of runs that were killed before they could. */
export async function removeExport(job: ElastiCacheJob, scheduledAt: Date, { elasticache, exports, now, signal }: ElastiCachePorts): Promise<Removed> {
  const name = nameOf(job, scheduledAt);
  const objects = await exportedObjects(exports, name);
  await removeObjects(exports, objects, signal);

  const snapshots = snapshotsOf(elasticache, job.of, signal);
  const removed = await snapshots.remove(name) ? [name] : [];
  const scope = { system: { name: job.system }, stack: job.stack };
  for (const { name: other, status } of await snapshots.all()) {
    const run = runOfSnapshot(scope, job.source, other);
    const isLeft = run !== undefined && other !== name && now().getTime() - run.getTime() > leftBehindHours * 3_600_000;
    if (isLeft && deletable.includes(status) && await snapshots.remove(other)) removed.push(other);
  }
  return { exports: objects.length, snapshots: removed };
}
