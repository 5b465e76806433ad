import { PassThrough } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/** Level 1 does 45 MiB/s per processor; higher levels cost several times that for a tenth of the size. */
const LEVEL = 1;
const CHUNK_BYTES = 256 * 1024;

/** What may wait for the compressor: while it works in its thread, the source is read and inspected in ours. */
const AHEAD_BYTES = 2 * 1024 * 1024;

/** Compresses on Node's thread pool, beside the program that dumps. A failing source fails the result. */
export async function* gzip(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const compressor = createGzip({ level: LEVEL, chunkSize: CHUNK_BYTES });
  const whole = pipeline(source, new PassThrough({ highWaterMark: AHEAD_BYTES }), compressor);
  // The loop below throws the same failure first; unheard, this one would end the process.
  whole.catch(() => undefined);
  for await (const chunk of compressor as AsyncIterable<Uint8Array>) yield chunk;
  await whole;
}
