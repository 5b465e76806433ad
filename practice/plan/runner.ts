import type { Settings } from "../config/settings.ts";
import { lambdaLimits, type Runner } from "../contract/runner.ts";
import { isDumped } from "./backup-kinds.ts";
import type { BackupEntry, DatabaseBackupEntry, TaskShape, TasksEntry } from "./entries.ts";
import { LOG_DAYS, LONGEST_FUNCTION_RUN_SECONDS, RETRY_AFTER_SECONDS } from "./functions.ts";

/** GiB before compression. Measured: half a terabyte is dumped within hours; beyond, a dump of a day describes yesterday. */
export const TASK_MAX_GIB = 500;

/** Two processors, for the program and the compressor, and the least memory that Fargate sells with them: a dump needs 300 MB at any size. */
const DUMP_TASK = { cpuUnits: 2048, memoryMegabytes: 4096 } as const;

/** Half of the slowest that was measured, for the network. */
const DUMP_MIB_PER_SECOND = 40;

const HALF_AN_HOUR_SECONDS = 1800;

/** What the state machine allows for asking where a run shall be, and whether its backup is there; seconds of work. */
export const askSeconds = { plan: 120, verify: 300 } as const;

/** A task has its network, its images and its code by then. Each waits for room in the zone too. */
export const TASK_START_SECONDS = 300;

/** Twice what a dump takes at that pace, in half hours: a server that is busy, a source that has grown since. */
export const dumpTask = (sizeGiB: number): TaskShape => ({
  ...DUMP_TASK,
  timeoutSeconds: Math.max(1, Math.ceil((2 * sizeGiB * 1024) / DUMP_MIB_PER_SECOND / HALF_AN_HOUR_SECONDS)) * HALF_AN_HOUR_SECONDS,
});

/** Where a database's backup runs until a run was measured, and the task that takes it over, where the stack has tasks. */
export const runnerOf = (sizeGiB: number, { system }: Settings): Pick<DatabaseBackupEntry, "runner" | "task"> => ({
  runner: declaredRunner(sizeGiB, system),
  ...(system.fargate === undefined ? {} : { task: dumpTask(sizeGiB) }),
});

const declaredRunner = (sizeGiB: number, { fargate }: Settings["system"]): Runner =>
  (fargate !== undefined && sizeGiB > lambdaLimits.rawGiB ? "fargate" : "lambda");

/**
 * From its start to the end of its last attempt. With tasks, that of a function which failed once and then handed over
 * to a task which failed once, whatever was declared: what a run measured decides. As long as that lasts, a backup is not late.
 */
export function longestRunSeconds({ task }: Pick<DatabaseBackupEntry, "task">): number {
  if (task === undefined) return LONGEST_FUNCTION_RUN_SECONDS;
  const tasks = 2 * (TASK_START_SECONDS + task.timeoutSeconds) + RETRY_AFTER_SECONDS;
  return askSeconds.plan + LONGEST_FUNCTION_RUN_SECONDS + tasks + askSeconds.verify;
}

/** Where the tasks of a stack run. Only databases are dumped in one, and only they are restored in one. */
export function planTasks({ system }: Settings, backups: readonly BackupEntry[]): readonly TasksEntry[] {
  if (system.fargate === undefined || !backups.some((backup) => isDumped(backup) || backup.kind === "elasticache-backup")) return [];
  return [{
    kind: "tasks", name: "tasks", from: "upkeep:system.fargate", carries: [],
    images: system.fargate.images, architecture: "x86_64", logDays: LOG_DAYS,
  }];
}
