import { type TaskMeta, TestRunner } from "vitest";
import type { BackupEngine } from "../../practice/contract/manifest.ts";
import { withoutSecrets } from "./secrets.ts";

/** What one fault did, each cell in a few words: the table has 80 columns. */
export interface FaultRow {
  readonly engine: BackupEngine | "store";
  /** What was done to it, e.g. `pg_dump killed in the middle`. */
  readonly fault: string;
  /** What it said, in the words that a person would read. */
  readonly happened: string;
  /** How the run ended, e.g. `error` or `stored`. */
  readonly exit: string;
  /** What was recorded, e.g. `no manifest` or `corrupted`. */
  readonly evidence: string;
  /** What tells people: the age alarm, an alert of its own, or nothing. */
  readonly alarm: string;
  /** What is in the store afterwards. */
  readonly left: string;
}

/** What no server here can show. */
export interface NotSeen {
  readonly engine: FaultRow["engine"];
  readonly what: string;
  readonly why: string;
}

declare module "vitest" {
  interface TaskMeta {
    /** The reporter prints those of all tests that passed as one table. */
    faults?: readonly FaultRow[];
    notSeen?: readonly NotSeen[];
  }
}

/** Adds a row to the table at the end of the run. Call it last in a test, so that what it says has been seen. */
export function recordFault(row: FaultRow): void {
  withoutSecrets("a row of the fault matrix", Object.values(row).join("\n"));
  const meta = metaOfTest();
  meta.faults = [...meta.faults ?? [], row];
}

/** Adds a line to the list of what was not seen, which follows the table. */
export function recordNotSeen(row: NotSeen): void {
  const meta = metaOfTest();
  meta.notSeen = [...meta.notSeen ?? [], row];
}

function metaOfTest(): TaskMeta {
  const test = TestRunner.getCurrentTest();
  if (test === undefined) throw new Error("Expected a test to be running: a row that no test proves is not recorded.");
  return test.meta;
}
