import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { NotDecodable } from "../decode.ts";

/** How a stream begins, in hexadecimal digits. */
const BEGINNINGS = { "1f8b": "gzip", "6de29981": "a plain archive", "28b52ffd": "zstd" } as const;
const LONGEST_BEGINNING = 4;
const CHUNK_BYTES = 256 * 1024;

/**
 * The archive in a stored dump: gunzipped where it is compressed, as it is where it is not. Throws `NotDecodable` when
 * the bytes are neither, are broken, or do not end where the archive does; and what the source throws.
 */
export async function* archiveBytes(dump: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const source = dump[Symbol.asyncIterator]();
  const { first, whole } = await begun(source);
  const kind = kindOf(first);
  if (kind === "a plain archive") return yield* whole;
  if (kind === "gzip") return yield* gunzipped(whole);
  throw new NotDecodable(`Expected a mongodump archive, plain or in gzip, ${kind ?? (first.length === 0 ? "nothing" : `bytes that begin with ${first.subarray(0, LONGEST_BEGINNING).toString("hex")}`)} came.`
    + (kind === "zstd" ? " Decompress it first: `zstd -dc`." : ""));
}

const kindOf = (first: Buffer): (typeof BEGINNINGS)[keyof typeof BEGINNINGS] | undefined =>
  Object.entries(BEGINNINGS).find(([beginning]) => first.toString("hex", 0, LONGEST_BEGINNING).startsWith(beginning))?.[1];

interface Begun {
  readonly first: Buffer;
  /** The whole source, its beginning with it. */
  readonly whole: AsyncGenerator<Uint8Array, void>;
}

async function begun(source: AsyncIterator<Uint8Array>): Promise<Begun> {
  let first: Buffer = Buffer.alloc(0);
  while (first.length < LONGEST_BEGINNING) {
    const next = await source.next();
    if (next.done === true) break;
    first = Buffer.concat([first, next.value]);
  }
  async function* whole(): AsyncGenerator<Uint8Array, void> {
    try {
      if (first.length > 0) yield first;
      for (let next = await source.next(); next.done !== true; next = await source.next()) yield next.value;
    } finally {
      await source.return?.();
    }
  }
  return { first, whole: whole() };
}

async function* gunzipped(source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  let given = 0;
  let failedSource: { readonly error: unknown } | undefined;
  async function* watched(): AsyncGenerator<Uint8Array, void> {
    try {
      for await (const chunk of source) {
        given += chunk.length;
        yield chunk;
      }
    } catch (error) {
      failedSource = { error };
      throw error;
    }
  }
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  const whole = pipeline(watched(), gunzip);
  // The loop below throws the same failure first; unheard, this one would end the process.
  whole.catch(() => undefined);
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) yield chunk;
    await whole;
  } catch (error) {
    if (failedSource !== undefined) throw failedSource.error;
    throw new NotDecodable(`Expected gzip to its end, it is broken or cut off: ${error instanceof Error ? error.message : String(error)}.`, { cause: error });
  }
  // Node drops what follows the end in silence.
  if (gunzip.bytesWritten !== given) throw new NotDecodable(`Expected nothing after the end of the gzip, ${given - gunzip.bytesWritten} bytes follow.`);
}
