import type { StoredObject } from "../../practice/contract/manifest.ts";
import { measured } from "../backup/measured.ts";
import { NotDecodable } from "../engines/decode.ts";
import type { Store } from "../store/store.ts";
import { failure, type Fault } from "./verdict.ts";

/** What came of reading a dump through to its end. */
export type ReadWhole<Result> = { readonly result: Result; readonly fault?: never } | { readonly fault: Fault; readonly result?: never };

/**
 * Hands every byte of a stored dump to a reader, and says whether they are the bytes that were backed up. Where the
 * reader fails, the dump is read once more without it: only that tells a broken dump from a reader that broke.
 */
export async function readWhole<Result>(
  store: Store, object: StoredObject, signal: AbortSignal, reader: (dump: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<ReadWhole<Result>> {
  const source = watched(store.read(object.key, object.versionId, signal));
  const { body, measure } = measured(source.body);
  let result: Result;
  try {
    result = await reader(body);
  } catch (error) {
    signal.throwIfAborted();
    if (source.problem() !== undefined) return { fault: unreadable(object, source.problem()) };
    return { fault: await whose(error, store, object, signal) };
  }
  signal.throwIfAborted();
  if (!source.hasEnded()) return { fault: { outcome: "failed", finding: `Expected ${object.key} to be read to its end, its reader stopped before and said that all is well.` } };
  const { sha256 } = measure();
  return sha256 === object.sha256 ? { result } : { fault: otherBytes(object, sha256) };
}

/** Whose fault it is that a reader failed: of the bytes, when they are others than were stored or when they are no dump. */
async function whose(error: unknown, store: Store, object: StoredObject, signal: AbortSignal): Promise<Fault> {
  const said = failure(error);
  const again = watched(store.read(object.key, object.versionId, signal));
  const { body, measure } = measured(again.body);
  try {
    for await (const chunk of body) void chunk;
  } catch (problem) {
    signal.throwIfAborted();
    return unreadable(object, problem);
  }
  const { sha256 } = measure();
  if (sha256 !== object.sha256) return { outcome: "corrupted", finding: `${otherBytes(object, sha256).finding} Reading it failed: ${said.finding}` };
  if (!(error instanceof NotDecodable)) return said;
  return { outcome: "corrupted", finding: `${said.finding} The bytes are those that were stored: the dump was bad when it was made.` };
}

const otherBytes = ({ key, sha256 }: StoredObject, came: string): Fault =>
  ({ outcome: "corrupted", finding: `Expected the bytes of ${key} to have the SHA-256 ${sha256}, they have ${came}: they are not those that were backed up.` });

const unreadable = ({ key }: StoredObject, problem: unknown): Fault =>
  ({ outcome: "failed", finding: `Expected to read all of ${key}, the store broke off: ${failure(problem).finding}` });

interface Watched {
  readonly body: AsyncIterable<Uint8Array>;
  readonly hasEnded: () => boolean;
  /** What the source itself failed with. */
  readonly problem: () => unknown;
}

function watched(source: AsyncIterable<Uint8Array>): Watched {
  let ended = false;
  let problem: unknown;
  async function* body(): AsyncGenerator<Uint8Array> {
    try {
      yield* source;
    } catch (error) {
      problem = error;
      throw error;
    }
    ended = true;
  }
  return { body: body(), hasEnded: () => ended, problem: () => problem };
}
