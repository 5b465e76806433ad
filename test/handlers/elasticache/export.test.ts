import { CreateSnapshotCommand, ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { answer } from "../../../handlers/elasticache/answer.ts";
import type { ElastiCacheJob } from "../../../handlers/elasticache/job.ts";
import type { ElastiCachePorts } from "../../../handlers/elasticache/ports.ts";
import { type ExportProgress, snapshotName } from "../../../practice/contract/elasticache.ts";
import { Fault } from "../../support/cloud/elasticache/actions.ts";
import { type ElastiCacheDouble, startElastiCache } from "../../support/cloud/elasticache/server.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, settingsOf, type TestStore } from "../../support/handlers/test-store.ts";
import { snapshotOf } from "../../support/handlers/redis-shards.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type RedisServer, startRedis } from "../../support/servers/redis.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const scheduledTime = "2026-11-23T02:00:00Z";
const startedTime = "2026-11-23T02:00:03Z";
const name = snapshotName({ system: { name: "campus" }, stack: "prod" }, "sessions", new Date(scheduledTime));

describeWithParts("the steps of an export by ElastiCache", ["s3", "redis"], () => {
  let server: S3Server;
  let redis: RedisServer;
  let snapshot: Buffer;
  let elasticache: ElastiCacheDouble;
  let store: TestStore;
  let exports: TestStore;
  beforeAll(async () => {
    [server, redis] = await Promise.all([startFullObjectS3(), startRedis()]);
    await redis.command("SET", "basket", "apples");
    snapshot = await snapshotOf(redis);
  });
  afterAll(() => Promise.all([server.stop(), redis.stop()]));
  beforeEach(async () => {
    elasticache = await startElastiCache(new S3Client(settingsOf(server)));
    [store, exports] = await Promise.all([makeStore(server), makeStore(server)]);
    elasticache.sources.set("campus-sessions", { kind: "cluster", shards: () => Promise.resolve([snapshot]) });
    return () => elasticache.stop();
  });

  const job = (of: ElastiCacheJob["of"] = { CacheClusterId: "campus-sessions" }): ElastiCacheJob =>
    ({ system: "campus", stack: "prod", source: "sessions", engine: "redis", database: "0", sizeGiB: 1, exportBucket: exports.name, of });
  const ports = (changed: Partial<ElastiCachePorts> = {}): ElastiCachePorts => ({
    elasticache: new ElastiCacheClient({ ...settingsOf(server, elasticache.endpoint), maxAttempts: 1 }),
    store, exports, now: () => new Date("2026-11-23T02:10:00Z"), attempt: "one", signal: new AbortController().signal, ...changed,
  });
  const look = (copying = false, changed: Partial<ElastiCachePorts> = {}, of?: ElastiCacheJob["of"]) =>
    answer({ action: "export", scheduledTime, startedTime, copying }, job(of), ports(changed)) as Promise<ExportProgress>;
  const until = async (outcome: ExportProgress["outcome"]): Promise<readonly string[]> => {
    const said: string[] = [];
    let copying = false;
    for (let looks = 0; looks < 20; looks += 1) {
      const progress = await look(copying);
      said.push(progress.because);
      copying = progress.copying;
      if (progress.outcome === outcome) return said;
    }
    throw new Error(`Expected ${outcome}, got ${said.join("; ")}.`);
  };

  it("say what each look found, of a node without a group too", async () => {
    const said = await until("exported");
    expect([...new Set(said)]).toEqual([
      `the snapshot ${name} is creating`, `ElastiCache was asked to export the snapshot ${name}`,
      `0 of 1 files of the snapshot ${name} (exporting) lie in ${exports.name}`, `1 of 1 files of the snapshot ${name} lie in ${exports.name}`,
    ]);
    await expect(answer({ action: "run", scheduledTime }, job(), ports())).resolves.toMatchObject({ outcome: "stored" });
    await expect(answer({ action: "verify", scheduledTime }, job(), ports())).resolves.toMatchObject({ outcome: "stored" });
    await expect(answer({ action: "remove", scheduledTime }, job(), ports())).resolves.toEqual({ exports: 1, snapshots: [name] });
    await expect(answer({ action: "remove", scheduledTime }, job(), ports())).resolves.toEqual({ exports: 0, snapshots: [] });
    await expect(look()).resolves.toMatchObject({ outcome: "already-stored" });
  });

  it("begin anew wherever the one before was killed, and order one snapshot and one copy", async () => {
    // What an execution remembers is lost with it.
    for (let looks = 0; (await look()).outcome !== "exported"; looks += 1) expect(looks).toBeLessThan(20);
    const counted = (action: string): number => elasticache.asked.filter((one) => one === `${action} ${name}`).length;
    expect([counted("CreateSnapshot"), counted("CopySnapshot")]).toEqual([1, 1]);
  });

  it("give up after two hours, and say what was waited for: a snapshot that never is available", async () => {
    elasticache.looksUntilAvailable = 1000;
    await expect(look()).resolves.toMatchObject({ outcome: "waiting" });
    await expect(look(false, { now: () => new Date("2026-11-23T04:00:03Z") })).resolves.toMatchObject({ outcome: "waiting" });
    await expect(look(false, { now: () => new Date("2026-11-23T04:00:04Z") })).rejects.toThrow(`Expected an exported snapshot within 2 hours, after that the snapshot ${name} is creating. ElastiCache's events say why`);
  });

  it("give up after two hours: an export of which a file never comes", async () => {
    elasticache.exported = () => undefined;
    for (const copying of [false, false, true, true, true]) await look(copying);
    await expect(look(true, { now: () => new Date("2026-11-23T05:00:00Z") })).rejects.toThrow(`after that 0 of 1 files of the snapshot ${name} (available) lie in ${exports.name}.`);
  });

  it("take what another delivery ordered for their own", async () => {
    elasticache.faults.next.set("DescribeSnapshots", { fault: new Fault("SnapshotNotFoundFault", "not yet", 404) });
    const client = new ElastiCacheClient({ ...settingsOf(server, elasticache.endpoint) });
    await client.send(new CreateSnapshotCommand({ CacheClusterId: "campus-sessions", SnapshotName: name }));
    await expect(look()).resolves.toMatchObject({ outcome: "waiting", because: expect.stringContaining("was just asked for") as string });
  });

  it("fail when the snapshot was deleted under them", async () => {
    await expect(look(true)).rejects.toThrow(`Expected the snapshot ${name} to stay until it is exported, it is gone`);
    await expect(answer({ action: "run", scheduledTime }, job(), ports())).rejects.toThrow("it is gone: nobody can tell how many shards it has");
  });

  it("store nothing while a shard's file is missing", async () => {
    await until("exported");
    await exports.s3.send(new DeleteObjectCommand({ Bucket: exports.name, Key: `${name}-0001.rdb` }));
    await expect(answer({ action: "run", scheduledTime }, job(), ports())).rejects.toThrow(`Expected 1 files of the snapshot ${name} in ${exports.name}, one of each shard, there are 0`);
    await expect(store.keys()).resolves.toEqual([]);
  });

  it("name the cluster that ElastiCache does not know, and a node type that has no snapshots", async () => {
    await expect(look(false, {}, { CacheClusterId: "other" })).rejects.toThrow("Expected the cluster other in ElastiCache, there is none");
    elasticache.faults.next.set("CreateSnapshot", { fault: new Fault("SnapshotFeatureNotSupportedFault", "cache.t1.micro") });
    await expect(look()).rejects.toThrow("Nodes of the type cache.t1.micro have none. Choose another type, or remove the backup.");
  });

  it.each([
    ["nothing", undefined], ["a plain schedule's event", { scheduledTime }], ["another action", { action: "plan", scheduledTime }], ["no memory", { action: "export", scheduledTime, startedTime }],
  ])("are asked for by the state machine alone, not with %s", async (_, event) => {
    await expect(Promise.resolve().then(() => answer(event, job(), ports()))).rejects.toThrow("The state machine of the backup asks so.");
  });
});
