import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { answer } from "../../../handlers/elasticache/answer.ts";
import { decodeRedis } from "../../../handlers/engines/redis/decode.ts";
import { openRedisTarget } from "../../../handlers/engines/redis/restore.ts";
import { SCRATCH_KEY } from "../../../handlers/engines/redis/scratch.ts";
import { runVerification } from "../../../handlers/verify/run.ts";
import { startElastiCache } from "../../support/cloud/elasticache/server.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { accessTo } from "../../support/handlers/redis-dumps.ts";
import { startShards, type Shards } from "../../support/handlers/redis-shards.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { startRedis } from "../../support/servers/redis.ts";
import type { S3Server } from "../../support/servers/s3.ts";

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const TONIGHT = `${new Date(Date.now() - 3_600_000).toISOString().slice(0, 19)}Z`;

/** Stored by the steps of its own function, then looked at by what looks at every backup. */
describeWithParts("what ElastiCache exported of two shards, once it is stored", ["s3", "redis"], () => {
  let server: S3Server;
  let shards: Shards;
  let store: TestStore;
  beforeAll(async () => {
    [server, shards] = await Promise.all([startFullObjectS3(), startShards(2)]);
    const exports = await makeStore(server);
    store = await makeStore(server);
    const double = await startElastiCache(new S3Client(settingsOf(server)));
    double.sources.set("campus-carts", { kind: "group", shards: shards.snapshots });
    const ask = (event: object) => answer(event, {
      system: "campus", stack: "prod", source: "carts", engine: "redis", database: "0", sizeGiB: 1, exportBucket: exports.name, of: { ReplicationGroupId: "campus-carts" },
    }, { elasticache: new ElastiCacheClient(settingsOf(server, double.endpoint)), store, exports, now: () => new Date(), attempt: "one", signal: new AbortController().signal });
    let progress: object = { copying: false, startedTime: new Date().toISOString(), outcome: "waiting" };
    for (let looks = 0; "outcome" in progress && progress.outcome === "waiting" && looks < 20; looks += 1) progress = await ask({ action: "export", scheduledTime: TONIGHT, ...progress });
    await expect(ask({ action: "run", scheduledTime: TONIGHT })).resolves.toMatchObject({ outcome: "stored" });
    await double.stop();
  });
  afterAll(() => Promise.all([server.stop(), shards.stop()]));

  const check = (level: "decode" | "restore", after: number) => ({ system: "campus", stack: "prod", source: "carts", keepDays: 30, level, scheduledAt: new Date(Date.parse(TONIGHT) + after * 1000) });
  const ports = () => ({ store, now: () => new Date(), signal: new AbortController().signal });

  it("is read whole, with the counts and hashes of its manifest", async () => {
    await expect(runVerification(check("decode", 60), { ...ports(), decode: decodeRedis })).resolves.toMatchObject({ record: { outcome: "verified", findings: [] } });
  });

  it("is restored into a scratch server, the keys of all shards and their functions, count by count and hash by hash", async () => {
    const scratch = await startRedis();
    try {
      await scratch.command("SET", SCRATCH_KEY, "yes");
      const { record } = await runVerification({ ...check("restore", 120), smoke: "GET shard:1:17" }, { ...ports(), openTarget: (signal) => openRedisTarget(accessTo(scratch), signal) });
      expect(record).toMatchObject({ outcome: "restored", findings: [], restore: { sameCounts: 2, sameHashes: 2, smokeAnswer: "17" } });
      await expect(scratch.command("DBSIZE")).resolves.toBe(String(shards.keys + 1));
      await expect(scratch.command("FCALL", "greet", "0")).resolves.toBe("hello");
    } finally {
      await scratch.stop();
    }
  });
});
