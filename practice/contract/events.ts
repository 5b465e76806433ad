import type { VerificationLevel } from "./evidence.ts";

/** What EventBridge Scheduler hands to the state machine, and that to the backup function. */
export interface BackupEvent {
  /** ISO 8601. The schedule's own time, not the time of delivery: a second delivery carries the same. */
  readonly scheduledTime: string;
}

/** What the scheduler hands to the function that checks a source: the time names the check, as it names a run. */
export interface CheckEvent extends BackupEvent {
  readonly level: VerificationLevel;
}

/** What a finished backup run tells the state machine. */
export type BackupOutcome =
  | { readonly outcome: "stored"; readonly manifestKey: string; readonly bytes: number }
  /** Another delivery of the same run was first; nothing was changed. */
  | { readonly outcome: "already-stored"; readonly manifestKey: string };
