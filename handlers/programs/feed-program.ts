import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
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
  let failedSource: { readonly error: unknown } | undefined;
  // Not `yield*`: a stream throws its own failure into the generator that it reads, and that one is not the source's.
  async function* watched(): AsyncGenerator<Uint8Array> {
    const iterator = source[Symbol.asyncIterator]();
    const next = (): Promise<IteratorResult<Uint8Array>> => iterator.next().catch((error: unknown) => {
      failedSource = { error };
      throw error;
    });
    try {
      for (let one = await next(); one.done !== true; one = await next()) yield one.value;
    } finally {
      await iterator.return?.();
    }
  }

  const over = new AbortController();
  let giveUp: () => void = () => undefined;
  // A source that stalls holds the pipe to the program, and with it whoever waits for both.
  const given = new Promise<never>((_, reject) => {
    giveUp = () => reject(signal.reason as Error);
  });
  given.catch(() => undefined);
  const stopOnAbort = (): void => {
    giveUp();
    over.abort();
    void program.stop();
  };
  signal.addEventListener("abort", stopOnAbort, { once: true });
  // A program that failed wants no more: a source that stalls must not be waited for.
  const ended = read(program.output).catch((error: unknown) => {
    over.abort();
    throw error;
  });
  try {
    const fed = pipeline(Readable.from(watched()), program.input, { signal: over.signal }).then(() => undefined, (error: unknown) => ({ error }));
    // A pipe whose source stalls does not always end when it is told to: a program that failed is not waited for with it.
    const [notFed, end] = await Promise.race([
      Promise.all([fed, ended.then(() => undefined, (error: unknown) => ({ error }))]),
      ended.then(() => given, (error: unknown) => [undefined, { error }] as const),
      given,
    ]);
    signal.throwIfAborted();
    if (failedSource !== undefined) throw failedSource.error;
    if (end !== undefined) throw end.error;
    if (notFed !== undefined) throw new Error(`Expected ${call.file} to read all that it was given, it ended well without.`, { cause: notFed.error });
    return program.said();
  } finally {
    signal.removeEventListener("abort", stopOnAbort);
    await program.stop();
    // Where `read` runs a program of its own, that one has ended too.
    await Promise.allSettled([ended]);
  }
}

async function drop(output: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of output) void chunk;
}
