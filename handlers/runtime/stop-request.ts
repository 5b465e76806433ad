import { taskHours, taskStopSeconds } from "../../practice/contract/runner.ts";

/** What of a process a task needs; tests put their own in its place. */
export interface TaskProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  exitCode?: number | string | null | undefined;
  readonly exit: (code: number) => void;
  readonly on: (event: "SIGTERM", listener: () => void) => unknown;
  readonly off: (event: "SIGTERM", listener: () => void) => unknown;
}

/** Seconds of those before the kill that are kept for the log line. */
const LAST_LINE_SECONDS = 10;

export interface StopRequest {
  /** Aborts when the task is told to stop, and when it has run too long. */
  readonly signal: AbortSignal;
  /** Listens no longer, and frees the timers. */
  readonly clear: () => void;
}

/**
 * Listens for SIGTERM, with which Fargate asks a task to stop, and for the end of its hours. Whoever watches the signal
 * has until 10 s before the kill to stop; then `giveUp` is called.
 */
export function stopRequest(of: TaskProcess, giveUp: (problem: string) => void): StopRequest {
  const controller = new AbortController();
  let lastLine: NodeJS.Timeout | undefined;
  const stop = (reason: string): void => {
    if (controller.signal.aborted) return;
    const seconds = taskStopSeconds - LAST_LINE_SECONDS;
    lastLine = setTimeout(() => giveUp(`Expected everything to stop within ${seconds} s, it did not: what it began may be left behind.`), seconds * 1000);
    controller.abort(new Error(reason));
  };
  const onTerm = (): void => stop("Expected the task to run to its end, it was told to stop (SIGTERM). Start it again with the same scheduled time: it is the same run.");
  const hours = setTimeout(() => stop(`Expected the task to end within ${taskHours} hours, it did not. Give it more CPU, or a source that is smaller.`), taskHours * 3_600_000);
  of.on("SIGTERM", onTerm);
  return {
    signal: controller.signal,
    clear: () => {
      of.off("SIGTERM", onTerm);
      clearTimeout(hours);
      clearTimeout(lastLine);
    },
  };
}
