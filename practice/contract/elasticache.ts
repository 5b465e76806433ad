import { backupName, type NameScope } from "./names.ts";
import { runIdOf, scheduledAtOf } from "./store.ts";

/** A run whose export does not lie whole by then is given up. AWS names no time; a snapshot of 20 GiB at a slow 10 MiB/s is written and copied within one of them. */
export const exportLimitHours = 2;

/** A snapshot of ours that is older than this was left behind: no run, and no second delivery of one, is that long under way. */
export const leftBehindHours = 24;

/** Days that an export may lie where ElastiCache puts it: the fewest that S3 counts. */
export const exportDays = 1;

/** Snapshot and export of one run: two deliveries of one schedule meet in one name. ElastiCache keeps names in lower case. */
export const snapshotName = (scope: NameScope, source: string, scheduledAt: Date): string =>
  `${snapshotPrefix(scope, source)}${runIdOf(scheduledAt).toLowerCase()}`;

/** How the names of a source's snapshots and exports begin. */
export const snapshotPrefix = (scope: NameScope, source: string): string => `${backupName(scope, source)}-`;

/** The run that a snapshot is of; undefined for a snapshot of somebody else. */
export const runOfSnapshot = (scope: NameScope, source: string, name: string): Date | undefined => {
  const prefix = snapshotPrefix(scope, source);
  return name.startsWith(prefix) ? scheduledAtOf(name.slice(prefix.length).toUpperCase()) : undefined;
};

/** What the state machine asks until an export lies whole. The answer is what it asks with the next time. */
export interface ExportRequest {
  readonly action: "export";
  readonly scheduledTime: string;
  /** ISO 8601. When this execution began. */
  readonly startedTime: string;
  /** Whether it has asked for the copy yet. */
  readonly copying: boolean;
}

/** `waiting`: ask again. `exported`: the run can read it. `already-stored`: there is a backup of this run. */
export interface ExportProgress extends Pick<ExportRequest, "startedTime" | "copying"> {
  readonly outcome: "waiting" | "exported" | "already-stored";
  /** In words, for whoever reads the execution's history. */
  readonly because: string;
}

/** What it asks at the end, good or bad: nothing of ours stays with ElastiCache, nor in the bucket between. */
export interface RemoveRequest {
  readonly action: "remove";
  readonly scheduledTime: string;
}

/** What became of it. */
export interface Removed {
  readonly exports: number;
  /** Snapshots, of this run and of those that were killed before they could. */
  readonly snapshots: readonly string[];
}
