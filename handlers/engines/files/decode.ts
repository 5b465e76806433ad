import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { extract } from "tar-stream";
import { type Decode, decoding } from "../decode.ts";

/** Reads an archive of files whole: every entry to its end, and the checksum of all that was compressed. Counts the entries. */
export const decodeFiles: Decode = async (dump, signal) => {
  const archive = extract();
  let objects = 0;
  archive.on("entry", (_header, body, next) => {
    objects += 1;
    // The pipeline fails with the same; unheard, the entry that was being read would end the process.
    body.on("error", () => undefined).on("end", () => next()).resume();
  });
  await decoding(dump, signal, (bytes) => pipeline(bytes, createGunzip(), archive, { signal }), (reason) => `Expected a whole archive of files, it cannot be read: ${reason}`);
  return { counts: { objects } };
};
