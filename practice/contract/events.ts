import type { CheckOutcome, VerificationLevel } from "./evidence.ts";

/** What EventBridge Scheduler hands to the state machine, and that to the backup function. */
export interface BackupEvent {
  /** ISO 8601. The schedule's own time, not the time of delivery: a second delivery carries the same. */
  readonly scheduledTime: string;
}

/** What the scheduler hands to the function that checks a source: the time names the check, as it names a run. */
export interface CheckEvent extends BackupEvent {
  readonly level: VerificationLevel;
}

/** What a drill's state machine asks once its task has ended: a program that ended well is no evidence, a record is. */
export interface DrilledRequest {
  readonly action: "drilled";
  readonly run: BackupEvent & {
    /** How the task ended, in the words of Step Functions; absent when it ended well. */
    readonly ended?: { readonly Error: string; readonly Cause?: string };
  };
}

/** What is known of a drill. Nothing but `restored` is success. */
export interface DrilledAnswer {
  /** `not-recorded`: whatever was found, nobody wrote it down. */
  readonly outcome: CheckOutcome | "not-recorded";
  /** For people. At most 8,000 characters: Step Functions takes 32,768. */
  readonly said: string;
  /** Of the record, whether it is there or not. */
  readonly key: string;
}

/** What a finished backup run tells the state machine. */
export type BackupOutcome =
  | { readonly outcome: "stored"; readonly manifestKey: string; readonly bytes: number }
  /** Another delivery of the same run was first; nothing was changed. */
  | { readonly outcome: "already-stored"; readonly manifestKey: string };
