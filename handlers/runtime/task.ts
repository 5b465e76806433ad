import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { toolsFolder } from "../../practice/contract/environment.ts";
import { scheduledTimeVariable, taskFiles } from "../../practice/contract/runner.ts";
import { unpackTools } from "../programs/unpacked-tools.ts";
import type { Run } from "./handler.ts";
import { makeProgram, type ProgramPorts } from "./program.ts";
import { readScheduledTime } from "./scheduled-time.ts";
import type { TaskProcess } from "./stop-request.ts";

/** What a task's program gets. Its signal aborts on SIGTERM, and after 12 hours. */
export interface TaskRun extends Run {
  /** The schedule's own time: a task that is started again with it makes the same run. */
  readonly scheduledAt: Date;
  /** Folder of the database programs. */
  readonly tools: string;
}

export interface TaskPorts extends ProgramPorts {
  /** Where the tools archive lies. Default: beside the bundle, as a task's first container puts it there. */
  readonly folder?: string;
}

/** Makes a program for a container of a plain function. */
export function makeTask<Result>(name: string, program: (run: TaskRun) => Promise<Result>, ports: TaskPorts = {}): () => Promise<void> {
  const { folder = dirname(fileURLToPath(import.meta.url)), ...others } = ports;
  const { env } = others.process ?? process;
  return makeProgram(name, (signal) => withTools(env, folder, signal, (tools) => program({
    signal, scheduledAt: readScheduledTime(env[scheduledTimeVariable], scheduledTimeVariable), tools,
  })), others);
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
