/** Seconds that a handler keeps for stopping: a program needs up to 5, the abort of an upload and the log line the rest. */
const STOP_SECONDS = 45;

export interface TimedContext {
  readonly getRemainingTimeInMillis: () => number;
}

export interface Deadline {
  readonly signal: AbortSignal;
  /** Frees the timer. */
  readonly clear: () => void;
}

/** A signal that aborts 45 s before the function's end, with an error that says what to change. */
export function deadlineSignal(context: TimedContext): Deadline {
  const controller = new AbortController();
  const leftMilliseconds = context.getRemainingTimeInMillis() - STOP_SECONDS * 1000;
  const stop = (): void => controller.abort(new Error(
    `Expected the run to end ${STOP_SECONDS} s before the function's timeout, it did not. Give the function more memory or time, or a source that is smaller; a database whose dump takes longer is dumped by a task: write system.fargate.`,
  ));
  if (leftMilliseconds <= 0) {
    stop();
    return { signal: controller.signal, clear: () => undefined };
  }
  const timer = setTimeout(stop, leftMilliseconds);
  return { signal: controller.signal, clear: () => clearTimeout(timer) };
}
