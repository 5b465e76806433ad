import { afterAll, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { Fault } from "../support/cloud/elasticache/actions.ts";
import { type ExportedBackup, type NewRun, startExportedBackup } from "../support/cloud/elasticache/exported-backup.ts";
import type { ElastiCacheMachine } from "../support/cloud/elasticache/machine.ts";
import { recordFault } from "../support/fault-matrix.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

describeWithParts("a backup that ElastiCache exports, and what goes wrong", ["s3", "redis"], () => {
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

  const fails = async (said: string): Promise<void> => {
    const { status, cause } = await machine.execute(run.scheduledTime);
    expect({ status, cause }).toEqual({ status: "FAILED", cause: expect.stringContaining(said) as string });
    await expect(backup.leftOf(run)).resolves.toEqual([]);
  };

  it.each([
    ["the quota of snapshots is used up", "CreateSnapshot", new Fault("SnapshotQuotaExceededFault", "The request cannot be processed because it would exceed the maximum number of snapshots."), "It takes 20 of a node within 24 hours, whoever asks."],
    ["the bucket does not let ElastiCache in", "CopySnapshot", new Fault("InvalidParameterValue", "ElastiCache has not been granted WRITE permissions on the S3 Bucket."), "it refused: ElastiCache has not been granted WRITE permissions on the S3 Bucket. The bucket's policy lets it in"],
  ])("fails with the way out when %s, and leaves nothing behind", async (fault, action, thrown, said) => {
    machine.elasticache.faults.next.set(action, { fault: thrown, always: true });
    await fails(said);
    machine.elasticache.faults.next.clear();
    await backup.expectCleared();
    recordFault({ engine: "redis", fault, happened: thrown.code, exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "nothing" });
  });

  it("fails when its snapshot fails", async () => {
    machine.elasticache.snapshots.set(run.name, { source: machine.group, status: "failed", looks: 0, takenAt: new Date(), shards: [] });
    await fails("it is failed. Its events say why");
    await backup.expectCleared();
    recordFault({ engine: "redis", fault: "ElastiCache's snapshot fails", happened: "the snapshot is failed", exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "nothing" });
  });

  it.each([
    ["runs Valkey", { engine: "valkey", engineVersion: "8.0" }, "it runs valkey, whose snapshots (RDB 11 and newer) nothing here reads"],
    ["has data tiering", { dataTiering: true }, "it has data tiering, and of that ElastiCache exports no snapshot"],
  ])("refuses a group that %s before it orders anything", async (_, changed, said) => {
    machine.elasticache.sources.set(machine.group, { kind: "group", shards: () => Promise.resolve(backup.snapshots), ...changed });
    const before = machine.elasticache.asked.length;
    await fails(said);
    expect(machine.elasticache.asked.slice(before).filter((one) => one.startsWith("CreateSnapshot"))).toEqual([]);
  });

  it("says so when there is no such group", async () => {
    machine.elasticache.sources.clear();
    const { status, cause } = await machine.execute(run.scheduledTime);
    expect({ status, cause }).toEqual({ status: "FAILED", cause: expect.stringContaining(`Expected the replication group ${machine.group} in ElastiCache, there is none in this account and region.`) as string });
  });

  it.each([
    ["cut off", (shard: Uint8Array) => shard.slice(0, -5), "it breaks off after"],
    ["empty", () => new Uint8Array(), "nothing came"],
    ["of a newer version", (shard: Uint8Array) => Buffer.concat([Buffer.from("REDIS0011"), shard.slice(9)]), "Expected a snapshot of version 9 or 10, which Redis 5.0 to 7.0 writes, got version 11"],
    ["flipped by a bit", (shard: Uint8Array) => Buffer.concat([shard.slice(0, -1), Buffer.of((shard.at(-1) ?? 0) ^ 1)]), "it has another: the snapshot is corrupt"],
  ])("stores nothing of an export that is %s, and names the file", async (fault, change, said) => {
    machine.elasticache.exported = (shard, index) => (index === 1 ? change(shard) : shard);
    const { cause } = await machine.execute(run.scheduledTime);
    expect(cause).toContain(said);
    expect(cause).toContain(`s3://${machine.exports.name}/${run.name}-0002.rdb: `);
    await expect(backup.leftOf(run)).resolves.toEqual([]);
    await backup.expectCleared();
    recordFault({ engine: "redis", fault: `ElastiCache's export is ${fault}`, happened: said, exit: "error", evidence: "no manifest", alarm: "failed, then age", left: "nothing" });
  });
});
