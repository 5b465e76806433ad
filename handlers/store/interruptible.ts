/**
 * Ends with the signal's reason even while the source is silent. The source is then told to finish but not waited for:
 * a hung program would be waited for in vain, and whoever started it ends it.
 */
export async function* interruptible(source: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  let interrupt: (reason: Error) => void = () => undefined;
  const stop = (): void => interrupt(signal.reason as Error);
  signal.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      signal.throwIfAborted();
      // No race with one promise that stays: it would hold on to every chunk that it ever raced with, the whole dump.
      const result = await new Promise<IteratorResult<Uint8Array>>((resolve, reject) => {
        // Before the source is asked: it may be what ends this.
        interrupt = reject;
        iterator.next().then(resolve, reject);
      });
      if (result.done === true) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener("abort", stop);
    iterator.return?.().catch(() => undefined);
  }
}
