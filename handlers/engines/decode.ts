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
