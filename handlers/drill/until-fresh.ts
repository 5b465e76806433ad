import { setTimeout as pause } from "node:timers/promises";
import { NotFresh } from "../engines/fresh.ts";

/** A new server makes its files within seconds; on a processor that is busy with fetching code, within a minute. */
const LIMIT_SECONDS = 300;
const PAUSE_MILLISECONDS = 1000;

export interface UntilFresh {
  /** Default: 300. */
  readonly limitSeconds?: number;
  /** Default: 1000. */
  readonly pauseMilliseconds?: number;
}

/**
 * Asks until the server beside this program answers: it is started with it, not before it. An answer that says no is final.
 * After the limit, fails with what was said last.
 */
export async function untilFresh<Answer>(
  ask: (signal: AbortSignal) => Promise<Answer>, signal: AbortSignal, { limitSeconds = LIMIT_SECONDS, pauseMilliseconds = PAUSE_MILLISECONDS }: UntilFresh = {},
): Promise<Answer> {
  const limit = AbortSignal.timeout(limitSeconds * 1000);
  const either = AbortSignal.any([signal, limit]);
  for (let last: unknown; ;) {
    try {
      return await ask(either);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof NotFresh) throw error;
      // The limit itself says nothing of why.
      if (!limit.aborted) last = error;
    }
    if (!limit.aborted) await pause(pauseMilliseconds, undefined, { signal: either }).catch(() => undefined);
    signal.throwIfAborted();
    if (limit.aborted) {
      throw new Error(`Expected the scratch server beside this drill to answer within ${limitSeconds} s, it did not. Its own log says why: the stream \`scratch\` of the task. It said last: ${last instanceof Error ? last.message : "nothing"}`, { cause: last });
    }
  }
}
