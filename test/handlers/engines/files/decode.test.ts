import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";
import { describe, expect, it } from "vitest";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { decodeFiles } from "../../../../handlers/engines/files/decode.ts";

async function archiveOf(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const archive = pack();
  for (const [name, text] of Object.entries(files)) archive.entry({ name }, text);
  archive.finalize();
  const chunks: Uint8Array[] = [];
  for await (const chunk of archive as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return gzipSync(Buffer.concat(chunks));
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100) {
    await Promise.resolve();
    yield bytes.subarray(at, at + 100);
  }
}

describe("an archive of files, read whole", () => {
  const { signal } = new AbortController();
  const files = { "a.txt": "a".repeat(5_000), "folder/b.txt": "", "c.bin": "\0\u0001" };

  it("counts its entries", async () => {
    await expect(decodeFiles(inPieces(await archiveOf(files)), signal)).resolves.toEqual({ counts: { objects: 3 } });
    await expect(decodeFiles(inPieces(await archiveOf({})), signal)).resolves.toEqual({ counts: { objects: 0 } });
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["is cut off", (bytes) => bytes.subarray(0, -20)],
    ["lost its last byte", (bytes) => bytes.subarray(0, -1)],
    ["has one byte flipped", (bytes) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 6 ? byte ^ 1 : byte)))],
    ["is no archive", () => Buffer.from("hello")],
    ["is an archive cut off before it was compressed", () => gzipSync(Buffer.concat([Buffer.from("a.txt"), Buffer.alloc(400)]))],
    ["is empty", () => Buffer.alloc(0)],
  ])("is none when it %s", async (fault, spoil) => {
    await expect(decodeFiles(inPieces(spoil(await archiveOf(files))), signal)).rejects.toThrow(NotDecodable);
    recordFault({ engine: "files", fault: `stored archive ${fault}`, happened: "no whole archive", exit: "error", evidence: "corrupted", alarm: "corrupted", left: "dump, manifest" });
  });

  it("does not blame the archive for a store that breaks off", async () => {
    const bytes = await archiveOf(files);
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 50);
      await Promise.reject(new Error("reset"));
    }
    await expect(decodeFiles(breaking(), signal)).rejects.toThrow(/^reset$/);
  });

  it("ends when it is told to", async () => {
    await expect(decodeFiles(inPieces(await archiveOf(files)), AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  });
});
