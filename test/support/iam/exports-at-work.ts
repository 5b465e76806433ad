import { randomBytes } from "node:crypto";
import { expect, onTestFinished } from "vitest";
import { crc64Redis, RunningCrc64 } from "../../../handlers/engines/crc64.ts";
import { answer } from "../../../handlers/elasticache/answer.ts";
import type { ElastiCacheJob } from "../../../handlers/elasticache/job.ts";
import type { ExportProgress } from "../../../practice/contract/elasticache.ts";
import { startElastiCache } from "../cloud/elasticache/server.ts";
import { s3Store } from "../../../handlers/store/s3/s3-store.ts";
import type { Stage } from "./stage.ts";

/** A snapshot with one value that does not compress: its upload has parts. */
function largeSnapshot(): Buffer {
  const value = randomBytes(20_000_000);
  const length = Buffer.alloc(5);
  length.writeUInt8(0x80);
  length.writeUInt32BE(value.length, 1);
  const body = Buffer.concat([Buffer.from("REDIS0010"), Buffer.of(0xfe, 0, 0, 5), Buffer.from("noise"), length, value, Buffer.of(0xff)]);
  const crc = new RunningCrc64(crc64Redis);
  crc.update(body);
  const checksum = Buffer.alloc(8);
  checksum.writeUInt32LE(crc.value.low, 0);
  checksum.writeUInt32LE(crc.value.high, 4);
  return Buffer.concat([body, checksum]);
}

/** A whole run with two deliveries of its middle, and one that fails with its upload under way; both cleared away. */
export async function storeExports({ recorder, store, other }: Stage, of: ElastiCacheJob["of"]): Promise<void> {
  const double = await startElastiCache(other.s3);
  onTestFinished(() => double.stop());
  const snapshot = largeSnapshot();
  let shards: readonly Uint8Array[] = [snapshot];
  double.sources.set("ReplicationGroupId" in of ? of.ReplicationGroupId : of.CacheClusterId, { kind: "ReplicationGroupId" in of ? "group" : "cluster", shards: () => Promise.resolve(shards) });

  const job: ElastiCacheJob = { system: "campus", stack: "test", source: "accounts", engine: "redis", database: "0", sizeGiB: 1, exportBucket: other.name, of };
  const ask = (event: object, attempt = "one") => {
    const s3 = recorder.s3();
    return answer(event, job, {
      elasticache: recorder.elasticache(double.endpoint), store: s3Store({ s3, name: store.name }), exports: { s3, name: other.name }, now: () => new Date(), attempt, signal: new AbortController().signal,
    });
  };
  const exported = async (scheduledTime: string): Promise<void> => {
    let progress: ExportProgress = { outcome: "waiting", copying: false, startedTime: new Date().toISOString(), because: "" };
    for (let looks = 0; progress.outcome === "waiting"; looks += 1) {
      expect(looks).toBeLessThan(20);
      progress = await ask({ action: "export", scheduledTime, ...progress }) as ExportProgress;
    }
  };

  const [whole, cut] = ["2026-11-22T02:00:00Z", "2026-11-23T02:00:00Z"] as const;
  await exported(whole);
  await Promise.all(["one", "two"].map((attempt) => ask({ action: "run", scheduledTime: whole }, attempt)));
  await expect(ask({ action: "verify", scheduledTime: whole })).resolves.toMatchObject({ outcome: "stored" });
  await expect(ask({ action: "remove", scheduledTime: whole })).resolves.toMatchObject({ exports: 1 });

  shards = [snapshot.subarray(0, -9)];
  await exported(cut);
  await expect(ask({ action: "run", scheduledTime: cut })).rejects.toThrow("it breaks off");
  await expect(store.unfinished()).resolves.toEqual([]);
  await expect(ask({ action: "remove", scheduledTime: cut })).resolves.toMatchObject({ exports: 1 });
}
