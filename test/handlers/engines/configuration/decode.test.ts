import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { decodeConfiguration } from "../../../../handlers/engines/configuration/decode.ts";
import { openConfigurationDump } from "../../../../handlers/engines/configuration/dump.ts";
import type { ConfigurationItem } from "../../../../handlers/engines/configuration/item.ts";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";

const { signal } = new AbortController();

const items: readonly ConfigurationItem[] = [
  { kind: "function", name: "campus-prod-b", definition: { Timeout: 300 } },
  { kind: "function", name: "campus-prod-a", definition: { Description: "line\u2028end\n" } },
  { kind: "parameter", name: "/campus/prod/x", definition: { Type: "String", Value: "y".repeat(70_000) } },
];

async function archiveOf(of: readonly ConfigurationItem[]) {
  const dump = await openConfigurationDump({ region: "eu-central-1", read: () => Promise.resolve(of) }, signal);
  const chunks: Uint8Array[] = [];
  for await (const chunk of dump.body) chunks.push(chunk);
  return { bytes: Buffer.concat(chunks), said: dump.describe() };
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 100) {
    await Promise.resolve();
    yield bytes.subarray(at, at + 100);
  }
}

describe("an archive of a configuration, read whole", () => {
  it("tells the counts and hashes that its manifest has", async () => {
    const { bytes, said } = await archiveOf(items);
    const { counts, hashes, hashedBy } = said;
    expect(counts).toEqual({ function: 2, parameter: 1 });
    await expect(decodeConfiguration(inPieces(bytes), signal)).resolves.toEqual({ counts, hashes, hashedBy });
  });

  it("is the same whatever the order in which things were read, and another when one of them changed", async () => {
    const { said } = await archiveOf(items);
    expect((await archiveOf(items.toReversed())).said.hashes).toEqual(said.hashes);
    const changed = items.map((item) => (item.name === "campus-prod-b" ? { ...item, definition: { Timeout: 900 } } : item));
    expect((await archiveOf(changed)).said.hashes).toEqual({ ...said.hashes, function: expect.not.stringMatching(said.hashes?.["function"] ?? "") as string });
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ["is cut off", (bytes) => bytes.subarray(0, -20)],
    ["lost its last byte", (bytes) => bytes.subarray(0, -1)],
    ["has one byte flipped", (bytes) => Buffer.from(bytes.map((byte, at) => (at === bytes.length - 6 ? byte ^ 1 : byte)))],
    ["is no archive", () => Buffer.from("hello")],
    ["is of lines that are no items", () => gzipSync('{"kind":"parameter"}\n')],
    ["is of a kind that nobody knows", () => gzipSync('{"kind":"password","name":"x","definition":{}}\n')],
    ["ends within a line", () => gzipSync('{"kind":"parameter","name":"x","defin')],
    ["holds nothing", () => gzipSync("")],
    ["is empty", () => Buffer.alloc(0)],
  ])("is none when it %s", async (_, spoil) => {
    await expect(decodeConfiguration(inPieces(spoil((await archiveOf(items)).bytes)), signal)).rejects.toThrow(NotDecodable);
  });

  it("does not blame the archive for a store that breaks off", async () => {
    const { bytes } = await archiveOf(items);
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 50);
      await Promise.reject(new Error("reset"));
    }
    await expect(decodeConfiguration(breaking(), signal)).rejects.toThrow(/^reset$/);
  });

  it("ends when it is told to", async () => {
    await expect(decodeConfiguration(inPieces((await archiveOf(items)).bytes), AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  });

});
