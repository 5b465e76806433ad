import type { Writable } from "node:stream";
import { type ProgramCall, startListening } from "./program.ts";

/**
 * Gives a program all of a source to read, waits for its end, and gives what it said beside its output, which `read`
 * takes. Default: it is dropped. Fails when the source does, when the program or `read` does, when it ends well but
 * before it has read everything, and with the signal's reason.
 */
export async function feedProgram(
  call: ProgramCall, source: AsyncIterable<Uint8Array>, signal: AbortSignal, read: (output: AsyncIterable<Uint8Array>) => Promise<unknown> = drop,
): Promise<string> {
  signal.throwIfAborted();
  const program = startListening(call);
  const ended = read(program.output).then(() => undefined, (error: unknown) => ({ error }));
  const given = give(source, program.input);
  let giveUp: (nothing: Ended) => void = () => undefined;
  const aborted = new Promise<Ended>((resolve) => {
    giveUp = resolve;
  });
  const stopOnAbort = (): void => {
    giveUp({});
    void program.stop();
  };
  signal.addEventListener("abort", stopOnAbort, { once: true });
  try {
    // Whatever failed first is the answer: neither a source that stalls nor a program that never ends is waited for then.
    const { giving, failure } = await Promise.race<Ended>([
      given.then(async (how) => (how.kind === "failed" ? { giving: how } : { giving: how, failure: await ended })),
      ended.then(async (how) => (how === undefined ? { giving: await given } : { failure: how })),
      aborted,
    ]);
    signal.throwIfAborted();
    if (giving?.kind === "failed") throw giving.error;
    if (failure !== undefined) throw failure.error;
    if (giving?.kind === "refused") throw new Error(`Expected ${call.file} to read all that it was given, it ended well without.`, { cause: giving.error });
    return program.said();
  } finally {
    signal.removeEventListener("abort", stopOnAbort);
    await program.stop();
    // Where `read` runs a program of its own, that one has ended too.
    await ended;
  }
}

interface Ended {
  readonly giving?: Giving;
  /** Of the program, or of who read it. */
  readonly failure?: { readonly error: unknown } | undefined;
}

/** `refused`: the program wanted no more, although there was more. `failed`: the source did. */
type Giving = { readonly kind: "all" } | { readonly kind: "refused" | "failed"; readonly error: unknown };

/**
 * A program may end as soon as it has read the last byte, before it could be told that it was the last: only bytes that
 * it did not take are missing.
 */
async function give(source: AsyncIterable<Uint8Array>, input: Writable): Promise<Giving> {
  const chunks = source[Symbol.asyncIterator]();
  for (;;) {
    let next: IteratorResult<Uint8Array>;
    try {
      next = await chunks.next();
    } catch (error) {
      return { kind: "failed", error };
    }
    if (next.done === true) break;
    const error = await write(input, next.value);
    if (error === undefined) continue;
    await chunks.return?.();
    return { kind: "refused", error };
  }
  input.end();
  return { kind: "all" };
}

const write = (input: Writable, chunk: Uint8Array): Promise<Error | undefined> =>
  new Promise((resolve) => void input.write(chunk, (error) => resolve(error ?? undefined)));

async function drop(output: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of output) void chunk;
}
