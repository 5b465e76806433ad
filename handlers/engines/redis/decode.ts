import type { Contents } from "../../../practice/contract/manifest.ts";
import { type Decode, decoding } from "../decode.ts";
import { SnapshotInspector } from "./snapshot-inspector.ts";
import { unpacked } from "./unpacked.ts";

/** Reads a stored snapshot whole: every key and element of it, both checksums, and nothing after its end. */
export const decodeRedis: Decode = (dump, signal) => decoding(dump, signal, (bytes) => inspected(bytes, signal));

async function inspected(dump: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Partial<Contents>> {
  const inspector = new SnapshotInspector();
  for await (const chunk of unpacked(dump)) {
    signal.throwIfAborted();
    if (inspector.write(chunk) < chunk.length) throw new Error("Expected nothing after the end of the snapshot, more came.");
  }
  const { counts, hashes, hashedBy } = inspector.end();
  return { counts, ...(hashes === undefined || hashedBy === undefined ? {} : { hashes, hashedBy }) };
}
