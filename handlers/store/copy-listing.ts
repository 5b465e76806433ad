import { copiesPrefix } from "../../practice/contract/store.ts";
import type { ListedObject, Store } from "./store.ts";

const HASH_DIGITS = [..."0123456789abcdef"];

/**
 * Hands every copy of a source to a reader. Copies are named by hashes, so that sixteen listings side by side are of one
 * length: a million copies are listed in about 20 seconds instead of five minutes.
 */
export async function eachCopy(store: Store, system: string, source: string, signal: AbortSignal, read: (copy: ListedObject) => void): Promise<void> {
  const prefix = copiesPrefix(system, source);
  await Promise.all(HASH_DIGITS.map(async (digit) => {
    for await (const copy of store.list(`${prefix}${digit}`)) {
      signal.throwIfAborted();
      read(copy);
    }
  }));
}
