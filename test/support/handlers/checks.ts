import type { EvidenceRecord } from "../../../practice/contract/evidence.ts";
import type { Contents } from "../../../practice/contract/manifest.ts";
import type { RestoreSource, RestoreTarget } from "../../../handlers/engines/restore.ts";
import { CheckNotGood, runVerification, type VerificationJob, type VerificationPorts, type VerificationReport } from "../../../handlers/verify/run.ts";

/** Backups are of two in the morning; this is the same day at noon. */
export const NOON = "2026-11-23T12:00:00Z";

export const checkJob = (changed: Partial<VerificationJob> = {}): VerificationJob => ({
  system: "campus", stack: "prod", source: "accounts", level: "checksums", scheduledAt: new Date(NOON), ...changed,
});

/** Runs a check at noon. */
export const check = (job: Partial<VerificationJob>, ports: Partial<VerificationPorts> & Pick<VerificationPorts, "store">): Promise<VerificationReport> =>
  runVerification(checkJob(job), { now: () => new Date(NOON), signal: new AbortController().signal, ...ports });

/** The record of a check that has to fail, with the failure's own words. */
export async function badCheck(
  job: Partial<VerificationJob>, ports: Partial<VerificationPorts> & Pick<VerificationPorts, "store">,
): Promise<{ readonly record: EvidenceRecord; readonly message: string }> {
  let report: VerificationReport;
  try {
    report = await check(job, ports);
  } catch (error) {
    if (!(error instanceof CheckNotGood)) throw error;
    return { record: error.report.record, message: error.message };
  }
  throw new Error(`Expected the check to fail, it says ${report.record.outcome}.`);
}

/** A scratch database that holds what its dump says, line by line: `table=count`. Changed in what a test is about. */
export interface ScratchDouble extends RestoreTarget {
  readonly calls: readonly string[];
  readonly proved: readonly RestoreSource[];
}

export function scratchWith(contents: Contents, changed: Partial<RestoreTarget> = {}): ScratchDouble {
  const calls: string[] = [];
  const proved: RestoreSource[] = [];
  const noted = <Result>(call: string, act: () => Promise<Result>): Promise<Result> => {
    calls.push(call);
    return act();
  };
  return {
    calls,
    proved,
    name: changed.name ?? "scratch",
    prove: (purpose, source) => noted(`prove ${purpose}`, () => {
      proved.push(source);
      return changed.prove?.(purpose, source) ?? Promise.resolve();
    }),
    load: (dump) => noted("load", () => changed.load?.(dump) ?? drain(dump)),
    contents: () => noted("contents", () => changed.contents?.() ?? Promise.resolve(contents)),
    ask: (question) => noted(`ask ${question}`, () => changed.ask?.(question) ?? Promise.reject(new Error(`Nobody taught the double an answer to ${question}.`))),
    close: () => noted("close", () => changed.close?.() ?? Promise.resolve()),
  };
}

export async function drain(dump: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const chunk of dump) void chunk;
}
