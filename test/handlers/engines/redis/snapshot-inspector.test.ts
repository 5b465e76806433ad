import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type SnapshotContents, SnapshotInspector } from "../../../../handlers/engines/redis/snapshot-inspector.ts";
import { accessTo, takeDump } from "../../../support/handlers/redis-dumps.ts";
import { FILLED, fillRedis } from "../../../support/handlers/redis-data.ts";
import { describeWithParts, programPath } from "../../../support/parts.ts";
import { startRedis } from "../../../support/servers/redis.ts";

function inspect(bytes: Uint8Array, chunkBytes = bytes.length): SnapshotContents {
  const inspector = new SnapshotInspector();
  for (let at = 0; at < bytes.length; at += chunkBytes) inspector.write(bytes.subarray(at, at + chunkBytes));
  return inspector.end();
}

const flipped = (bytes: Uint8Array, at: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
  return changed;
};

/** Of every so many bytes one: each is a whole reading. */
const STRIDE = 997;

describeWithParts("a snapshot of Redis", ["redis"], () => {
  let whole: Buffer;
  let withoutChecksum: Buffer;
  let folder: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "test-"));
    const server = await startRedis();
    try {
      await fillRedis(server);
      whole = gunzipSync((await takeDump(accessTo(server))).stored);
    } finally {
      await server.stop();
    }
    withoutChecksum = Buffer.concat([whole.subarray(0, -8), Buffer.alloc(8)]);
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const officialVerdict = (bytes: Uint8Array): Promise<"good" | "bad"> => {
    const file = join(folder, "snapshot.rdb");
    writeFileSync(file, bytes);
    return new Promise((resolve) => {
      execFile(programPath("redis", "redis-check-rdb"), [file], (error) => resolve(error === null ? "good" : "bad"));
    });
  };

  it.each([1, 7, 4096, Number.MAX_SAFE_INTEGER])("is counted by database, in chunks of %i bytes", (chunkBytes) => {
    expect(inspect(whole, chunkBytes)).toMatchObject({ version: 10, checksum: "verified", serverVersion: expect.stringMatching(/^7\.0/) as string, counts: FILLED });
  });

  it("has the same hashes wherever it is cut into chunks", () => {
    expect(inspect(whole, 3).hashes).toEqual(inspect(whole).hashes);
  });

  it("is refused wherever it was cut, as by redis-check-rdb", async () => {
    const lengths = [0, 5, 9, whole.length - 9, whole.length - 8, whole.length - 1, ...Array.from({ length: Math.floor(whole.length / STRIDE) }, (_, index) => (index + 1) * STRIDE)];
    for (const length of lengths) expect(() => inspect(whole.subarray(0, length)), `cut at ${length}`).toThrow(/^Expected a (whole )?snapshot of Redis/);
    await expect(officialVerdict(whole)).resolves.toBe("good");
    for (const length of [9, STRIDE, whole.length - 1]) await expect(officialVerdict(whole.subarray(0, length)), `cut at ${length}`).resolves.toBe("bad");
  });

  it("is refused whichever byte was changed, as by redis-check-rdb", async () => {
    for (let at = 0; at < whole.length; at += STRIDE) expect(() => inspect(flipped(whole, at)), `changed at ${at}`).toThrow(/^Expected /);
    for (const at of [0, STRIDE * 10, STRIDE * 30, whole.length - 1]) await expect(officialVerdict(flipped(whole, at)), `changed at ${at}`).resolves.toBe("bad");
  });

  it("without a checksum is read, and said to have none", async () => {
    expect(inspect(withoutChecksum)).toMatchObject({ checksum: "off", counts: FILLED });
    await expect(officialVerdict(withoutChecksum)).resolves.toBe("good");
  });

  it("without a checksum still shows by its hashes that a value was changed", () => {
    const at = withoutChecksum.indexOf("greetings");
    expect(inspect(flipped(withoutChecksum, at)).hashes).not.toEqual(inspect(withoutChecksum).hashes);
  });

  it("ends where its checksum ends, whatever follows", () => {
    const inspector = new SnapshotInspector();
    expect(inspector.write(Buffer.concat([whole, Buffer.from("more")]))).toBe(whole.length);
    expect(inspector.write(Buffer.from("even more"))).toBe(0);
    expect(inspector.end().counts).toEqual(FILLED);
  });
});

const about = Buffer.from([250, 1, 0x61, 1, 0x62]);

describe("what is no snapshot that can be read", () => {
  it.each([
    ["nothing", Buffer.alloc(0), "Expected a snapshot of Redis, nothing came."],
    ["something else", Buffer.from("PGDMP then more"), "Expected the first bytes of a snapshot of Redis"],
    ["of a newer server", Buffer.from("REDIS0011"), "Expected a snapshot of version 9 or 10, which Redis 5.0 to 7.0 writes, got version 11"],
    ["of a much older server", Buffer.from("REDIS0006"), "got version 6"],
    ["a type that no server writes", Buffer.concat([Buffer.from("REDIS0010"), about, Buffer.from([99, 1, 0x61])]), "got 99"],
    ["a module's value of Redis 4.0", Buffer.concat([Buffer.from("REDIS0010"), Buffer.from([6, 1, 0x61, 1])]), "only its module knows where it ends"],
    ["a string that is too long to be one", Buffer.concat([Buffer.from("REDIS0010"), Buffer.from([250, 0x80, 0xff, 0xff, 0xff, 0xff])]), "one of 4294967295 is announced"],
  ])("%s", (_, bytes, message) => {
    expect(() => inspect(bytes)).toThrow(message);
  });

  it("but a module's value with marks is passed over", () => {
    const value = Buffer.from([7, 3, 0x6b, 0x65, 0x79, 0x81, 1, 2, 3, 4, 5, 6, 7, 8, 2, 5, 3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 5, 2, 0x61, 0x62, 0]);
    expect(inspect(Buffer.concat([Buffer.from("REDIS0010"), about, value, Buffer.from([255]), Buffer.alloc(8)]))).toMatchObject({ counts: { db0: 1 }, checksum: "off" });
  });
});
