import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { toolsFolder } from "../../practice/contract/environment.ts";
import { scheduledTimeVariable, taskFiles } from "../../practice/contract/runner.ts";
import { unpackTools } from "../programs/unpacked-tools.ts";
import type { Run } from "./handler.ts";
import { type Log, logToConsole } from "./log.ts";
import { readScheduledTime } from "./scheduled-time.ts";
import { stopRequest, type TaskProcess } from "./stop-request.ts";

/** What a task's program gets. Its signal aborts on SIGTERM, and after 12 hours. */
export interface TaskRun extends Run {
  /** The schedule's own time: a task that is started again with it makes the same run. */
  readonly scheduledAt: Date;
  /** Folder of the database programs. */
  readonly tools: string;
}

export interface TaskPorts {
  /** Default: this process. */
  readonly process?: TaskProcess;
  /** Where the tools archive lies. Default: beside the bundle, as a task's first container puts it there. */
  readonly folder?: string;
  /** Default: standard output. */
  readonly log?: Log;
}

/** Seconds that a connection may keep a process which has done its work. */
const LINGER_SECONDS = 10;

/**
 * Makes a program of a plain function, for a container: exit code 0 when it gave a result, else 1. It logs as a handler
 * does, stops as soon as it is told to, and always ends.
 */
export function makeTask<Result>(name: string, program: (run: TaskRun) => Promise<Result>, ports: TaskPorts = {}): () => Promise<void> {
  const { process: own = process, folder = dirname(fileURLToPath(import.meta.url)), log = logToConsole } = ports;
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
      const result = await withTools(own.env, folder, request.signal, (tools) => program({
        signal: request.signal, scheduledAt: readScheduledTime(own.env[scheduledTimeVariable], scheduledTimeVariable), tools,
      }));
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

async function withTools<Result>(
  env: TaskProcess["env"], folder: string, signal: AbortSignal, work: (tools: string) => Promise<Result>,
): Promise<Result> {
  const unpacked = await unpackTools(join(folder, taskFiles.tools), signal);
  try {
    return await work(unpacked?.bin ?? env[toolsFolder.name] ?? toolsFolder.default);
  } finally {
    await unpacked?.remove();
  }
}
