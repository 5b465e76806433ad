import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { type Decode, NotDecodable } from "../decode.ts";

/** Reads an archive of files whole: every entry to its end, and the checksum of all that was compressed. Counts the entries. */
export const decodeFiles: Decode = async (dump, signal) => {
  let unreadable: { readonly error: unknown } | undefined;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* dump;
    } catch (error) {
      unreadable = { error };
      throw error;
    }
  }
  const archive = extract();
  let objects = 0;
  archive.on("entry", (_header, body, next) => {
    objects += 1;
    // The pipeline fails with the same; unheard, the entry that was being read would end the process.
    body.on("error", () => undefined).on("end", () => next()).resume();
  });
  try {
    await pipeline(watched(), createGunzip(), archive, { signal });
  } catch (error) {
    signal.throwIfAborted();
    if (unreadable !== undefined) throw unreadable.error;
    throw new NotDecodable(`Expected a whole archive of files, it cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return { counts: { objects } };
};
