/** Milliseconds for one answer, all repeats included. AWS answers in tenths of a second. */
const ANSWER_MILLISECONDS = 10_000;

/**
 * Ends the wait even where the signal is not heard: looking for credentials takes its time before any request begins.
 * @param milliseconds Default: 10,000.
 */
export async function within<Answer>(ask: (signal: AbortSignal) => Promise<Answer>, milliseconds: number = ANSWER_MILLISECONDS): Promise<Answer> {
  const ending = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`Expected an answer within ${milliseconds / 1000} s, got none.`));
      ending.abort();
    }, milliseconds);
  });
  try {
    return await Promise.race([ask(ending.signal), late]);
  } finally {
    clearTimeout(timer);
  }
}
