import type { Contents } from "../../practice/contract/manifest.ts";

/**
 * Reads a dump whole, as it lies in the store, and gives what its format tells of its contents: nothing where it tells
 * nothing. Throws `NotDecodable` when the bytes are no whole dump, and anything else when that could not be found out.
 */
export type Decode = (dump: AsyncIterable<Uint8Array>, signal: AbortSignal) => Promise<Partial<Contents>>;

/** Bytes that are no whole dump of their format. The program that says so ran: to look again would show the same. */
export class NotDecodable extends Error {
  override readonly name = "NotDecodable";
}

/**
 * Hands a dump to `read` and says whose a failure is: a stop fails with its reason, a source that breaks off with its own
 * error, and whatever `read` refuses besides is `NotDecodable`, in a sentence that `say` makes of the reason.
 */
export async function decoding<Result>(
  dump: AsyncIterable<Uint8Array>, signal: AbortSignal, read: (dump: AsyncIterable<Uint8Array>) => Promise<Result>, say = (reason: string): string => reason,
): Promise<Result> {
  let broken: { readonly error: unknown } | undefined;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* dump;
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  try {
    return await read(watched());
  } catch (error) {
    signal.throwIfAborted();
    if (broken !== undefined) throw broken.error;
    throw new NotDecodable(say(error instanceof Error ? error.message : String(error)), { cause: error });
  }
}
