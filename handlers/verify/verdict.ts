import type { CheckOutcome, EvidenceRecord } from "../../practice/contract/evidence.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { NotABackup } from "../store/manifest.ts";

/** Something that keeps a check from being good. */
export interface Fault {
  readonly outcome: Exclude<CheckOutcome, "verified" | "restored">;
  /** A sentence that a person can act on. */
  readonly finding: string;
}

/** What a level says in the end. */
export interface Verdict {
  readonly outcome: CheckOutcome;
  readonly findings: readonly string[];
  /** The backup that was checked. */
  readonly backup?: BackupManifest;
  readonly restore?: EvidenceRecord["restore"];
  /** What was looked at, where that was not all. */
  readonly extent?: string;
}

/** One word has to speak for all faults: the one that loses most comes first. */
const worstFirst: readonly Fault["outcome"][] = ["corrupted", "missing", "failed", "too-small", "suspicious"];

export const outcomeOf = (faults: readonly Fault[], good: "verified" | "restored"): CheckOutcome =>
  worstFirst.find((outcome) => faults.some((fault) => fault.outcome === outcome)) ?? good;

export const findingsOf = (faults: readonly Fault[]): readonly string[] => faults.map(({ finding }) => finding);

/** A wrong clock says nothing of the backup: it may be the one that checks. */
export const faultOf = ({ fault, message }: NotABackup): Fault => ({ outcome: fault === "dated-ahead" ? "failed" : fault, finding: message });

export const failure = (error: unknown): Fault => ({ outcome: "failed", finding: error instanceof Error ? error.message : String(error) });
