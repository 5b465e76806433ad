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
  const stopOnAbort = (): void => {
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
    const [fed, end] = await Promise.allSettled([pipeline(Readable.from(watched()), program.input, { signal: over.signal }), ended]);
    signal.throwIfAborted();
    if (failedSource !== undefined) throw failedSource.error;
    if (end.status === "rejected") throw end.reason;
    if (fed.status === "rejected") throw new Error(`Expected ${call.file} to read all that it was given, it ended well without.`, { cause: fed.reason });
    return program.said();
  } finally {
    signal.removeEventListener("abort", stopOnAbort);
    await program.stop();
  }
}

async function drop(output: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of output) void chunk;
}
