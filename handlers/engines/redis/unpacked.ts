import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** What was compressed for the store. Fails at its end unless all of it came, with the checksum that gzip gave it. */
export async function* unpacked(dump: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const unpacker = createGunzip();
  const whole = pipeline(dump, unpacker);
  // The loop below throws the same failure first; unheard, this one would end the process.
  whole.catch(() => undefined);
  for await (const chunk of unpacker as AsyncIterable<Uint8Array>) yield chunk;
  await whole;
}
