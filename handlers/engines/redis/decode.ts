import type { Contents } from "../../../practice/contract/manifest.ts";
import { type Decode, NotDecodable } from "../decode.ts";
import { SnapshotInspector } from "./snapshot-inspector.ts";
import { unpacked } from "./unpacked.ts";

/** Reads a stored snapshot whole: every key and element of it, both checksums, and nothing after its end. */
export const decodeRedis: Decode = async (dump, signal) => {
  let unreadable: { readonly error: unknown } | undefined;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* dump;
    } catch (error) {
      unreadable = { error };
      throw error;
    }
  }
  try {
    return await inspected(watched(), signal);
  } catch (error) {
    signal.throwIfAborted();
    if (unreadable !== undefined) throw unreadable.error;
    throw new NotDecodable(error instanceof Error ? error.message : String(error), { cause: error });
  }
};

async function inspected(dump: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Partial<Contents>> {
  const inspector = new SnapshotInspector();
  for await (const chunk of unpacked(dump)) {
    signal.throwIfAborted();
    if (inspector.write(chunk) < chunk.length) throw new Error("Expected nothing after the end of the snapshot, more came.");
  }
  const { counts, hashes, hashedBy } = inspector.end();
  return { counts, ...(hashes === undefined || hashedBy === undefined ? {} : { hashes, hashedBy }) };
}
