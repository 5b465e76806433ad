import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";
import { decodeMongodb } from "../../../../handlers/engines/mongodb/decode.ts";
import type { Contents } from "../../../../practice/contract/manifest.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { bson, end, prelude, segment } from "../../../support/handlers/archive.ts";

const documents = Array.from({ length: 400 }, (_, index) => bson({ _id: index, text: `entry ${index * 7919}` }));
const archive = Buffer.concat([prelude("shop.orders", "shop.none"), segment("shop.orders", ...documents), end("shop.orders", ...documents), segment("shop.none"), end("shop.none")]);
const dump = gzipSync(archive, { level: 1 });

async function* inPieces(bytes: Uint8Array, pieceBytes = 1_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield await Promise.resolve(bytes.subarray(at, at + pieceBytes));
}
const decode = (bytes: Uint8Array, pieceBytes?: number): Promise<Partial<Contents>> => decodeMongodb(inPieces(bytes, pieceBytes), new AbortController().signal);
const refusal = (bytes: Uint8Array): Promise<unknown> => decode(bytes).then(() => "decoded", (error: unknown) => error);

const record = (fault: string, happened: string): void =>
  recordFault({ engine: "mongodb", fault, happened, exit: "error", evidence: "corrupted", alarm: "corrupted", left: "dump, manifest" });

describe("a stored dump of MongoDB", () => {
  it.each([
    ["in gzip", dump], ["in gzip of two members", Buffer.concat([gzipSync(archive.subarray(0, 700)), gzipSync(archive.subarray(700))])], ["as it is", archive],
  ])("gives its counts and hashes, %s", async (_, bytes) => {
    const contents = await decode(bytes);
    expect(contents.counts).toEqual({ "shop.orders": 400, "shop.none": 0 });
    expect(contents.hashedBy).toBe("bson-documents-1");
    expect(Object.keys(contents.hashes ?? {})).toEqual(["shop.orders", "shop.none", "shop.orders (indexes and options)", "shop.none (indexes and options)"]);
    await expect(decode(bytes, 1)).resolves.toEqual(contents);
  });

  it("is refused wherever it is cut off", async () => {
    for (let length = 0; length < dump.length; length += 97) await expect(refusal(dump.subarray(0, length)), `cut at ${length}`).resolves.toBeInstanceOf(NotDecodable);
    await expect(refusal(dump.subarray(0, -1))).resolves.toMatchObject({ message: "Expected gzip to its end, it is broken or cut off: unexpected end of file." });
    record("stored dump truncated", "broken or cut off: unexpected end of file");
  });

  it("is refused whichever of its bytes is flipped", async () => {
    // The rest of gzip's header is a time and the name of a system, which mean nothing.
    for (let at = 10; at < dump.length; at += 61) {
      const changed = Buffer.from(dump);
      changed.writeUInt8(changed.readUInt8(at) ^ 1, at);
      await expect(refusal(changed), `flipped at ${at}`).resolves.toBeInstanceOf(NotDecodable);
    }
    record("one byte of a stored dump flipped", "broken or cut off: incorrect data check");
  });

  it.each([
    ["nothing", Buffer.alloc(0), "Expected a mongodump archive, plain or in gzip, nothing came."],
    ["zstd", Buffer.from("28b52ffd00000000", "hex"), "Expected a mongodump archive, plain or in gzip, zstd came. Decompress it first: `zstd -dc`."],
    ["a dump of PostgreSQL", Buffer.from("PGDMP then more"), "Expected a mongodump archive, plain or in gzip, bytes that begin with 5047444d came."],
    ["three bytes", Buffer.from("6de299", "hex"), "Expected a mongodump archive, plain or in gzip, bytes that begin with 6de299 came."],
    ["gzip of something else", gzipSync("PGDMP then more"), "Expected the first bytes of a mongodump archive, other ones came: 5047444d."],
    ["gzip with something after its end", Buffer.concat([dump, Buffer.from("more")]), "Expected gzip to its end, it is broken or cut off: incorrect header check."],
    ["gzip with blanks after its end", Buffer.concat([dump, Buffer.alloc(512)]), "Expected nothing after the end of the gzip, 512 bytes follow."],
    ["an archive with something after its end", gzipSync(Buffer.concat([archive, Buffer.from([5, 0, 0, 0])])), "Expected a whole archive, it ends where its header should go on."],
  ])("is refused when it is %s, in a sentence", async (_, bytes, sentence) => {
    await expect(refusal(bytes)).resolves.toEqual(new NotDecodable(sentence));
  });

  it.each(["more", "\0", "\0".repeat(3_000), "\u001f", "\u001f\u008b"])("is refused when %j follows it, in pieces of any size", async (more) => {
    const bytes = Buffer.concat([dump, Buffer.from(more, "latin1")]);
    for (const pieceBytes of [1, 1_000, dump.length, bytes.length]) {
      await expect(decode(bytes, pieceBytes), `pieces of ${pieceBytes}`).rejects.toBeInstanceOf(NotDecodable);
    }
  });

  it("is not blamed for a store that fails", async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(dump.subarray(0, 2_000));
      throw new Error("the store is away");
    }
    const told = await decodeMongodb(failing(), new AbortController().signal).then(() => undefined, (error: unknown) => error);
    expect(told).toEqual(new Error("the store is away"));
    expect(told).not.toBeInstanceOf(NotDecodable);
  });

  it("is not read on when nobody waits", async () => {
    const stop = new AbortController();
    stop.abort(new Error("enough"));
    await expect(decodeMongodb(inPieces(dump), stop.signal)).rejects.toThrow("enough");
  });
});
