const POLL_MILLISECONDS = 100;

/** Asks until there is an answer. */
export async function within<T>(seconds: number, awaited: string, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > deadline) throw new Error(`Expected ${awaited} within ${seconds} s, it did not come.`);
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
  }
}
