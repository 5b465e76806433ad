import type { BackupOutcome } from "../../practice/contract/events.ts";
import { runBackup } from "../backup/run.ts";
import type { Dump } from "../engines/dump.ts";
import { openExportedDump } from "../engines/redis/exported-dump.ts";
import { readObject } from "../store/s3/objects.ts";
import { exportedObjects, isStale } from "./exported-objects.ts";
import type { ElastiCacheJob } from "./job.ts";
import { type ElastiCachePorts, nameOf } from "./ports.ts";
import { type CacheSnapshot, snapshotsOf } from "./snapshots.ts";
import { factsOf } from "./source.ts";

/** Stores what lies in the bucket between, on the way of every dump: read whole, compressed, measured, its manifest last. */
export async function storeExport(job: ElastiCacheJob, scheduledAt: Date, ports: ElastiCachePorts): Promise<BackupOutcome> {
  return runBackup({ ...job, scheduledAt }, { ...ports, runner: "lambda", openDump: (signal) => openExport(job, nameOf(job, scheduledAt), ports, signal) });
}

async function openExport(job: ElastiCacheJob, name: string, { elasticache, exports }: ElastiCachePorts, signal: AbortSignal): Promise<Dump> {
  const snapshot = await snapshotsOf(elasticache, job.of, signal).find(name);
  if (snapshot === undefined) throw new Error(`Expected the snapshot ${name} to stay until its export is stored, it is gone: nobody can tell how many shards it has. Start the backup again.`);
  const objects = (await exportedObjects(exports, name)).filter((object) => !isStale(object, snapshot));
  if (objects.length !== snapshot.shards.length) {
    throw new Error(`Expected ${snapshot.shards.length} files of the snapshot ${name} in ${exports.name}, one of each shard, there are ${objects.length}. Start the backup again.`);
  }
  const { address } = await factsOf(elasticache, job.of, signal);
  const closed = new AbortController();
  const reading = AbortSignal.any([signal, closed.signal]);
  return openExportedDump({
    // In the order of the keys, which is that of the shards.
    shards: objects.map(({ key }) => ({ name: `s3://${exports.name}/${key}`, bytes: readObject(exports, { key, versionId: "" }, reading) })),
    database: job.database,
    hashes: job.content !== "off",
    about: () => ({
      tool: "upkeep, ElastiCache CopySnapshot",
      serverVersion: snapshot.engineVersion,
      ...(address === undefined ? {} : { server: { address } }),
      consistency: consistencyOf(snapshot),
    }),
    close: () => {
      closed.abort();
      return Promise.resolve();
    },
  });
}

function consistencyOf({ name, shards }: CacheSnapshot): string {
  const taken = shards.map(({ node, takenAt }) => `${node} at ${takenAt?.toISOString() ?? "a time that ElastiCache does not say"}`).join(", ");
  return shards.length === 1
    ? `One moment for all databases of the server: the snapshot ${name}, which ElastiCache took of ${taken}.`
    : `Each shard by itself, at a moment of its own: the snapshot ${name}, which ElastiCache took of ${taken}. Its ${shards.length} files are stored as one, under one checksum; each had proved whole by its own.`;
}
