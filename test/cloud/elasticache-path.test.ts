import { PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { snapshotName } from "../../practice/contract/elasticache.ts";
import { manifestKey } from "../../practice/contract/store.ts";
import { Fault } from "../support/cloud/elasticache/actions.ts";
import { type ExportedBackup, type NewRun, scope, SOURCE, startExportedBackup, succeeds } from "../support/cloud/elasticache/exported-backup.ts";
import type { ElastiCacheMachine } from "../support/cloud/elasticache/machine.ts";
import { recordFault, recordNotSeen } from "../support/fault-matrix.ts";
import { FILLED } from "../support/handlers/redis-data.ts";
import { describeWithParts } from "../support/parts.ts";
import { loadRedis } from "../support/servers/redis.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

/** The declared machine and the bundle, on the emulator; ElastiCache is a double, the snapshots are of real Redis. */
describeWithParts("a backup that ElastiCache exports, executed", ["s3", "redis"], () => {
  let backup: ExportedBackup;
  let machine: ElastiCacheMachine;
  let run: NewRun;
  beforeAll(async () => {
    backup = await startExportedBackup();
    ({ machine } = backup);
  });
  afterAll(() => backup.stop());
  beforeEach(() => {
    run = backup.newRun();
  });

  it("orders a snapshot, waits, has it exported, waits, stores it as it came, and leaves nothing behind", async () => {
    backup.oneShard();
    const { arn, ended } = await machine.start(run.scheduledTime);
    const reported = await succeeds(ended());
    const found = await backup.manifestOf(run);
    expect(reported).toEqual({ outcome: "stored", manifestKey: manifestKey(run.prefix), bytes: found.object.bytes });
    const path = await machine.path(arn);
    expect(path.filter((state) => state === "Wait").length).toBeGreaterThan(2);
    expect(path.filter((state) => state !== "Wait" && state !== "Choose" && state !== "Look")).toEqual(["Begin", "Store", "Verify", "Remove", "Report"]);
    expect((await backup.storedOf(run)).equals(Buffer.from(backup.snapshots[0] ?? []))).toBe(true);
    expect(found).toMatchObject({
      engine: "redis", source: SOURCE, runner: "lambda", serverVersion: "7.0.7", tool: "upkeep, ElastiCache CopySnapshot", hashedBy: "redis-keys-1",
      counts: { functions: FILLED.functions }, server: { address: `master.${machine.group}.abc123.euc1.cache.amazonaws.com:6379` },
      consistency: expect.stringContaining(`One moment for all databases of the server: the snapshot ${run.name}, which ElastiCache took of ${machine.group}-0001-001 (shard 0001) at 20`) as string,
    });
    await backup.expectCleared();
    recordNotSeen({ engine: "redis", what: "an export by ElastiCache itself", why: "no emulator exports a snapshot: a double does, with snapshots of real Redis; decision 17 lists what a first run has to show" });
  });

  it("stores the shards of a cluster as one, from which a stock Redis starts", async () => {
    await succeeds(machine.execute(run.scheduledTime));
    const found = await backup.manifestOf(run);
    expect(found).toMatchObject({ counts: { db0: backup.shards.keys, functions: FILLED.functions }, consistency: expect.stringMatching(/^Each shard by itself, at a moment of its own: .*Its 2 files are stored as one/) as string });
    const restored = await loadRedis(await backup.storedOf(run));
    try {
      await expect(restored.command("DBSIZE")).resolves.toBe(String(backup.shards.keys));
    } finally {
      await restored.stop();
    }
    await backup.expectCleared();
  });

  it("changes nothing when the same run is delivered a second time, and asks ElastiCache for nothing new", async () => {
    await succeeds(machine.execute(run.scheduledTime));
    const before = [await backup.leftOf(run), machine.elasticache.asked.filter((asked) => asked.startsWith("CreateSnapshot")).length];
    await expect(succeeds(machine.execute(run.scheduledTime))).resolves.toMatchObject({ outcome: "stored", manifestKey: manifestKey(run.prefix) });
    expect([await backup.leftOf(run), machine.elasticache.asked.filter((asked) => asked.startsWith("CreateSnapshot")).length]).toEqual(before);
  });

  it("is made once when it is delivered twice at the same time", async () => {
    machine.elasticache.looksUntilExported = 6;
    const both = await Promise.all([machine.start(run.scheduledTime), machine.start(run.scheduledTime)]);
    const ended = await Promise.all(both.map(({ ended: end }) => end()));
    // One of the two may find that the other has removed what it was about to read; the backup is there all the same.
    expect(ended.map(({ status }) => status)).toContain("SUCCEEDED");
    expect(machine.elasticache.asked.filter((asked) => asked === `CreateSnapshot ${run.name}`).length).toBeLessThanOrEqual(2);
    expect((await backup.manifestOf(run)).counts).toMatchObject({ db0: backup.shards.keys });
    await succeeds(machine.execute(run.scheduledTime));
    await backup.expectCleared();
  });

  it("goes on where one that was killed left off: with its snapshot, and with its export", async () => {
    const { snapshots: held, sources, asked } = machine.elasticache;
    const source = sources.get(machine.group);
    held.set(run.name, { source: machine.group, status: "available", looks: 0, takenAt: new Date(Date.now() - 60_000), shards: await source?.shards() ?? [] });
    for (const [index, shard] of backup.snapshots.entries()) await machine.exports.put(`${run.name}-000${index + 1}.rdb`, shard);
    const before = asked.length;
    await succeeds(machine.execute(run.scheduledTime));
    expect(asked.slice(before).filter((one) => /^(Create|Copy)/.test(one))).toEqual([]);
    expect((await backup.manifestOf(run)).counts).toMatchObject({ db0: backup.shards.keys });
    await backup.expectCleared();
  });

  it("takes no export for its own that is older than its snapshot", async () => {
    await machine.exports.put(`${run.name}-0001.rdb`, backup.snapshots[1] ?? "");
    await machine.exports.put(`${run.name}-0002.rdb`, backup.snapshots[1] ?? "");
    // S3 counts in seconds.
    await new Promise((resolve) => void setTimeout(resolve, 2500));
    await succeeds(machine.execute(run.scheduledTime));
    expect((await backup.manifestOf(run)).counts).toMatchObject({ db0: backup.shards.keys });
    await backup.expectCleared();
  });

  it("waits for a group that is busy", async () => {
    backup.oneShard();
    machine.elasticache.faults.next.set("CreateSnapshot", { fault: new Fault("InvalidReplicationGroupState", "campus-carts is not in the available state: snapshotting") });
    await succeeds(machine.execute(run.scheduledTime));
    await backup.expectCleared();
  });

  it("fails, with its backup stored, when its snapshot cannot be removed; a later run removes it", async () => {
    machine.elasticache.faults.next.set("DeleteSnapshot", { fault: new Fault("InvalidSnapshotState", `Snapshot ${run.name} cannot be deleted now`), always: true });
    const { status, error, cause } = await machine.execute(run.scheduledTime);
    expect({ status, error, cause }).toEqual({ status: "FAILED", error: "Upkeep.StoredButNotCleared", cause: expect.stringContaining(`Expected ElastiCache to delete the snapshot ${run.name}, it refused`) as string });
    expect((await backup.manifestOf(run)).counts).toMatchObject({ db0: backup.shards.keys });
    machine.elasticache.faults.next.clear();
    expect([...machine.elasticache.snapshots.keys()]).toEqual([run.name]);
    await succeeds(machine.execute(run.scheduledTime));
    await backup.expectCleared();
    recordFault({ engine: "redis", fault: "ElastiCache's snapshot cannot be removed", happened: "stored, and the snapshot left", exit: "error", evidence: "manifest", alarm: "failed", left: "its dump, and the snapshot" });
  });

  it("removes what a killed run left behind a day ago, and nobody else's snapshots", async () => {
    const held = (): Parameters<typeof machine.elasticache.snapshots.set>[1] => ({ source: machine.group, status: "available", looks: 0, takenAt: new Date(), shards: [] });
    const [left, young] = [30, 2].map((hours) => snapshotName(scope, SOURCE, new Date(Date.now() - hours * 3_600_000)));
    for (const other of [left ?? "", young ?? "", "before-the-upgrade", snapshotName(scope, "queue", new Date(0))]) machine.elasticache.snapshots.set(other, held());
    await succeeds(machine.execute(run.scheduledTime));
    expect([...machine.elasticache.snapshots.keys()]).toEqual([young, "before-the-upgrade", snapshotName(scope, "queue", new Date(0))]);
  });

  it("leaves alone what others put into the bucket", async () => {
    await machine.clients.s3.send(new PutObjectCommand({ Bucket: machine.exports.name, Key: `${run.name}-0001.rdb.txt`, Body: "x" }));
    await succeeds(machine.execute(run.scheduledTime));
    await expect(machine.exports.keys()).resolves.toEqual([`${run.name}-0001.rdb.txt`]);
  });
});
