/** The program still waits for something that never comes. */
export class NeverSettledError extends Error {
  override readonly name = "NeverSettledError";
}

/**
 * Waits for `work`, but not for ever: it has failed when the limit has passed,
 * or when nothing is left in the process that could still complete it.
 */
export async function settled<Result>(work: Promise<Result>, limitMilliseconds: number, stillWaiting: () => string): Promise<Result> {
  let giveUp = (_: Error): void => {};
  const gaveUp = new Promise<never>((_, reject) => {
    giveUp = reject;
  });
  const idle = (): void => giveUp(new NeverSettledError(`Expected the program to come to an end, got a promise that nothing is left to resolve. ${stillWaiting()}`));
  const late = (): void => giveUp(new NeverSettledError(`Expected the program to come to an end within ${limitMilliseconds / 1_000} seconds, it has not. ${stillWaiting()}`));
  // Must not keep the process alive, or a program that waits for nothing would always take the whole limit.
  const timer = setTimeout(late, limitMilliseconds).unref();
  process.on("beforeExit", idle);
  try {
    return await Promise.race([work, gaveUp]);
  } finally {
    clearTimeout(timer);
    process.off("beforeExit", idle);
  }
}
