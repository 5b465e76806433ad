import { deadlineSignal, type TimedContext } from "./deadline.ts";
import { type Log, logToConsole } from "./log.ts";

/** What Lambda says of an invocation, as far as handlers use it. */
export interface HandlerContext extends TimedContext {
  readonly awsRequestId: string;
}

/** What a plain function gets besides its event. */
export interface Run {
  /** Aborts shortly before Lambda would end the function; whatever waits has to watch it. */
  readonly signal: AbortSignal;
}

export type PlainFunction<Event, Result> = (event: Event, run: Run) => Promise<Result>;

/**
 * Puts a plain function into Lambda's shape: a line at its start and at its end, a signal before the deadline. A
 * failure is logged and thrown on, so that the caller and the alarm see it too.
 */
export function makeHandler<Event, Result>(
  name: string, plainFunction: PlainFunction<Event, Result>, log: Log = logToConsole,
): (event: Event, context: HandlerContext) => Promise<Result> {
  return async (event, context) => {
    const about = { handler: name, requestId: context.awsRequestId };
    const startedAt = performance.now();
    const durationMilliseconds = (): number => Math.round(performance.now() - startedAt);
    const deadline = deadlineSignal(context);
    log({ level: "info", ...about, message: "started" });
    try {
      const result = await plainFunction(event, { signal: deadline.signal });
      log({ level: "info", ...about, message: "finished", durationMilliseconds: durationMilliseconds(), result });
      return result;
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      log({ level: "error", ...about, message, durationMilliseconds: durationMilliseconds(), ...(stack === undefined ? {} : { stack }) });
      throw error;
    } finally {
      deadline.clear();
    }
  };
}
