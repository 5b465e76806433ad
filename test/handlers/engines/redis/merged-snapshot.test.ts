import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { mergeSnapshots } from "../../../../handlers/engines/redis/merged-snapshot.ts";
import { SnapshotInspector, type SnapshotContents } from "../../../../handlers/engines/redis/snapshot-inspector.ts";
import { inPieces } from "../../../support/handlers/redis-dumps.ts";
import { FILLED } from "../../../support/handlers/redis-data.ts";
import { startShards, type Shards } from "../../../support/handlers/redis-shards.ts";
import { describeWithParts, programPath } from "../../../support/parts.ts";
import { loadRedis } from "../../../support/servers/redis.ts";

const inspected = (...snapshots: readonly Uint8Array[]): readonly SnapshotContents[] => snapshots.map((snapshot) => {
  const inspector = new SnapshotInspector();
  expect(inspector.write(snapshot)).toBe(snapshot.length);
  return inspector.end();
});

async function merged(shards: readonly Uint8Array[], pieceBytes = 4096): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of mergeSnapshots(shards.map((bytes, index) => ({ name: `shard ${index}`, bytes: inPieces(bytes, pieceBytes) })))) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describeWithParts("the snapshots of several shards as one", ["redis"], () => {
  let shards: Shards;
  let snapshots: readonly Buffer[];
  beforeAll(async () => {
    shards = await startShards(3);
    snapshots = await shards.snapshots();
  });
  afterAll(() => shards.stop());

  it("hold the keys of all, each library of functions once, and one checksum that a stock Redis verifies", async () => {
    const [all] = inspected(await merged(snapshots));
    expect(all).toMatchObject({ checksum: "verified", counts: { db0: shards.keys, functions: FILLED.functions } });
    const folder = mkdtempSync(join(tmpdir(), "merged-"));
    writeFileSync(join(folder, "dump.rdb"), await merged(snapshots));
    try {
      expect(execFileSync(programPath("redis", "redis-check-rdb"), [join(folder, "dump.rdb")]).toString()).toContain("RDB looks OK");
    } finally {
      rmSync(folder, { recursive: true });
    }
    const restored = await loadRedis(await merged(snapshots));
    try {
      await expect(restored.command("DBSIZE")).resolves.toBe(String(shards.keys));
      await expect(restored.command("GET", "shard:2:17")).resolves.toBe("17");
      await expect(restored.command("FCALL", "greet", "0")).resolves.toBe("hello");
    } finally {
      await restored.stop();
    }
  });

  it("are the same however the bytes of each come", async () => {
    const [whole, ...others] = await Promise.all([1_000_000, 4096, 7, 1].map((pieceBytes) => merged(snapshots, pieceBytes)));
    for (const other of others) expect(other.equals(whole ?? Buffer.alloc(0))).toBe(true);
  });

  it("count what the shards count, value by value", async () => {
    const sum = inspected(...snapshots).reduce((total, { counts }) => total + (counts["db0"] ?? 0), 0);
    expect(sum).toBe(shards.keys);
    // The hash of the keys of all is made of those of each, whatever their order.
    const [one] = inspected(await merged(snapshots));
    const [turned] = inspected(await merged(snapshots.toReversed()));
    expect(one?.hashes).toEqual(turned?.hashes);
    expect(Object.keys(one?.hashes ?? {})).toEqual(["db0", "functions"]);
  });

  it.each([
    ["breaks off", (second: Buffer) => second.subarray(0, second.length - 9), "shard 1: Expected a whole snapshot of Redis, it breaks off after"],
    ["is empty", () => Buffer.alloc(0), "shard 1: Expected a snapshot of Redis, nothing came"],
    ["has a flipped bit in its checksum", (second: Buffer) => Buffer.concat([second.subarray(0, -1), Buffer.of((second.at(-1) ?? 0) ^ 1)]), "shard 1: Expected the snapshot to have the checksum that stands at its end"],
    ["has more behind its end", (second: Buffer) => Buffer.concat([second, Buffer.of(0)]), "shard 1: Expected nothing after the end of the snapshot"],
    ["is of another version", (second: Buffer) => Buffer.concat([Buffer.from("REDIS0009"), second.subarray(9)]), "shard 1: Expected every shard to have a snapshot of version 10, as the first, got version 9"],
    ["is of a version that nothing here reads", (second: Buffer) => Buffer.concat([Buffer.from("REDIS0011"), second.subarray(9)]), "shard 1: Expected a snapshot of version 9 or 10"],
  ])("are none when one of them %s", async (_, change, said) => {
    const [first = Buffer.alloc(0), second = Buffer.alloc(0), ...others] = snapshots;
    await expect(merged([first, change(second), ...others])).rejects.toThrow(said);
  });
});
