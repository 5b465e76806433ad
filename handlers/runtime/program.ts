import { type Log, logToConsole } from "./log.ts";
import { stopRequest, type TaskProcess } from "./stop-request.ts";

export interface ProgramPorts {
  /** Default: this process. */
  readonly process?: TaskProcess;
  /** Default: standard output. */
  readonly log?: Log;
}

/** Seconds that a connection may keep a process which has done its work. */
const LINGER_SECONDS = 10;

/**
 * Makes a program of a plain function: exit code 0 when it gave a result, else 1. It logs as a handler does, stops as
 * soon as it is told to, and always ends.
 */
export function makeProgram<Result>(name: string, work: (signal: AbortSignal) => Promise<Result>, ports: ProgramPorts = {}): () => Promise<void> {
  const { process: own = process, log = logToConsole } = ports;
  const about = { handler: name };
  const end = (code: 0 | 1): void => {
    own.exitCode = code;
    setTimeout(() => own.exit(code), LINGER_SECONDS * 1000).unref();
  };
  return async () => {
    // A process that nothing keeps alive ends by itself, with this: only a result makes it 0.
    own.exitCode = 1;
    const startedAt = performance.now();
    const durationMilliseconds = (): number => Math.round(performance.now() - startedAt);
    const request = stopRequest(own, (message) => {
      log({ level: "error", ...about, message, durationMilliseconds: durationMilliseconds() });
      own.exit(1);
    });
    log({ level: "info", ...about, message: "started" });
    try {
      const result = await work(request.signal);
      log({ level: "info", ...about, message: "finished", durationMilliseconds: durationMilliseconds(), result });
      end(0);
    } catch (error) {
      const { message, stack } = error instanceof Error ? error : new Error(String(error));
      log({ level: "error", ...about, message, durationMilliseconds: durationMilliseconds(), ...(stack === undefined ? {} : { stack }) });
      end(1);
    } finally {
      request.clear();
    }
  };
}
