import type { HandOver } from "../../practice/contract/runner.ts";

/**
 * Makes a run that a task can take over: a function whose time is up says so instead of failing. What failed before its
 * time was up would fail in a task too, and is thrown.
 */
export async function handingOver<Result>(signal: AbortSignal, run: () => Promise<Result>): Promise<Result | HandOver> {
  try {
    return await run();
  } catch (error) {
    if (!signal.aborted) throw error;
    return { outcome: "escalate", because: `A function's time was up before its dump was whole: ${error instanceof Error ? error.message : String(error)}` };
  }
}
