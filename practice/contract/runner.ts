/** Where a backup runs: a function of 15 minutes, or a task of hours. */
export const runners = ["lambda", "fargate"] as const;

export type Runner = (typeof runners)[number];

/** Up to here a function does it. Above either, the next run is a task's; below half of both, a function's again. */
export const lambdaLimits = {
  /** GiB before compression. Measured: about 20 GiB are dumped within 10 of the 15 minutes that Lambda allows. */
  rawGiB: 20,
  /** Of the last run. The rest is for a source that has grown since, and for a server that is busy. */
  minutes: 8,
} as const;

/** What the state machine asks of the function before a run: where shall it be? */
export interface PlanRequest {
  readonly action: "plan";
  /** What the plan took from the declared size: it holds until a run was measured. */
  readonly declared: Runner;
}

export interface RunnerChoice {
  readonly runner: Runner;
  /** In words, for whoever reads the execution's history. */
  readonly because: string;
}

/** What it asks after a run: a program that ended well is no backup, a manifest is, and its dump as it says. */
export interface VerifyRequest {
  readonly action: "verify";
  readonly scheduledTime: string;
}

/** A run that may be given up in time, because a task can take it over. */
export interface RunRequest {
  readonly action: "run";
  readonly scheduledTime: string;
}

/** A function that would pass its deadline stopped, and left nothing behind. */
export interface HandOver {
  readonly outcome: "escalate";
  readonly because: string;
}

/** Set on each run of a task, by the state machine: the schedule's own time. */
export const scheduledTimeVariable = "UPKEEP_SCHEDULED_TIME";

/** Folder of a task that both of its containers see: the code is fetched into it before it runs. */
export const taskFolder = "/upkeep";

/** What lies in it: the bundle, and the programs where it needs them, packed as their layer is. */
export const taskFiles = { bundle: "index.mjs", tools: "tools.zip" } as const;

/** A run that takes longer is in the next day's way. 500 GiB, above which a plan asks for native snapshots, take about 4. */
export const taskHours = 12;

/** Seconds between Fargate's request to stop and its kill: as many as it allows, for programs to end and an upload to be taken back. */
export const taskStopSeconds = 120;

/** What every bundle exports beside `handler`: a program for a task, which ends with an exit code. */
export const taskExport = "task";

/** What the bundle of the backup exports for a host: a program that computes by itself which run is due. */
export const hostExport = "host";

/** In the store, beside the systems: no system's name begins with a dot. */
export const codePrefix = ".code/";
