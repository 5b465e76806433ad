import { exportLimitHours, type ExportProgress } from "../../practice/contract/elasticache.ts";
import { manifestKey, runPrefix } from "../../practice/contract/store.ts";
import { exportedObjects, isStale, removeObjects } from "./exported-objects.ts";
import type { ElastiCacheJob, Step } from "./job.ts";
import { type ElastiCachePorts, nameOf } from "./ports.ts";
import { type CacheSnapshot, type Snapshots, snapshotsOf } from "./snapshots.ts";
import { factsOf, named } from "./source.ts";

type ExportStep = Extract<Step, { readonly action: "export" }>;

/**
 * Looks how far the export of a run has come, and takes the one next step: asks for a snapshot, has it copied, or waits.
 * Whoever asks comes again until it is there. What was done is seen in ElastiCache and in the bucket, not remembered: so a
 * second delivery, and one after a kill, goes on where the first one was.
 */
export async function exportSnapshot(job: ElastiCacheJob, { scheduledAt, startedAt, copying }: ExportStep, ports: ElastiCachePorts): Promise<ExportProgress> {
  const progress = (outcome: ExportProgress["outcome"], because: string, asked = copying): ExportProgress => ({ outcome, because, copying: asked, startedTime: startedAt.toISOString() });
  const waiting = (because: string, asked = copying): ExportProgress => {
    expectInTime(because, startedAt, ports.now());
    return progress("waiting", because, asked);
  };
  if (await ports.store.facts(manifestKey(runPrefix(job.system, job.source, scheduledAt))) !== undefined) return progress("already-stored", "there is a backup of this run");

  const name = nameOf(job, scheduledAt);
  const snapshots = snapshotsOf(ports.elasticache, job.of, ports.signal);
  const found = await snapshots.find(name) ?? await orderOf(job, name, copying, snapshots, ports);
  if ("busy" in found) return waiting(`ElastiCache cannot take a snapshot yet: ${found.busy}`);
  expectReadable(found, named(job.of));

  const objects = await exportedObjects(ports.exports, name);
  // While it is being made ElastiCache may not say of what moment it is: then only what was asked for here is its own.
  const fresh = copying || found.shards.every(({ takenAt }) => takenAt !== undefined) ? objects.filter((object) => !isStale(object, found)) : [];
  if (found.shards.length > 0 && fresh.length === found.shards.length) return progress("exported", `${fresh.length} of ${found.shards.length} files of the snapshot ${name} lie in ${ports.exports.name}`);
  if (copying) return waiting(`${fresh.length} of ${found.shards.length} files of the snapshot ${name} (${found.status}) lie in ${ports.exports.name}`);
  if (found.status !== "available") return waiting(`the snapshot ${name} is ${found.status}`);
  // Of a run that was started again: ElastiCache writes over nothing.
  await removeObjects(ports.exports, objects, ports.signal);
  await snapshots.copy(name, ports.exports.name);
  return waiting(`ElastiCache was asked to export the snapshot ${name}`, true);
}

/** Looks first: what cannot be read is not worth a snapshot. */
async function orderOf({ of }: ElastiCacheJob, name: string, copying: boolean, snapshots: Snapshots, { elasticache, signal }: ElastiCachePorts): ReturnType<Snapshots["create"]> {
  if (copying) throw new Error(`Expected the snapshot ${name} to stay until it is exported, it is gone: somebody deleted it. Start the backup again.`);
  const { engine, dataTiering } = await factsOf(elasticache, of, signal);
  expectReadable({ engine, dataTiering }, named(of));
  return snapshots.create(name);
}

/** Known before anything is exported. The version of what is exported stands in its own first bytes, and is judged there. */
function expectReadable({ engine, dataTiering, status }: Pick<CacheSnapshot, "engine" | "dataTiering"> & Partial<CacheSnapshot>, of: string): void {
  const otherwise = "Let ElastiCache keep snapshots of it (SnapshotRetentionLimit), and remove the backup here.";
  if (engine !== "redis" && engine !== "") throw new Error(`Expected Redis in ${of}, it runs ${engine}, whose snapshots (RDB 11 and newer) nothing here reads. ${otherwise}`);
  if (dataTiering) throw new Error(`Expected ${of} to keep its data in memory, it has data tiering, and of that ElastiCache exports no snapshot. ${otherwise}`);
  if (status === "failed" || status === "deleting") throw new Error(`Expected ElastiCache to take a snapshot of ${of}, it is ${status}. Its events say why (\`aws elasticache describe-events\`); start the backup again.`);
}

function expectInTime(because: string, startedAt: Date, now: Date): void {
  if (now.getTime() - startedAt.getTime() <= exportLimitHours * 3_600_000) return;
  throw new Error(`Expected an exported snapshot within ${exportLimitHours} hours, after that ${because}. ElastiCache's events say why (\`aws elasticache describe-events\`); start the backup again.`);
}
