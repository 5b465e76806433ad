import { checkOf, type EvidenceRecord, evidenceKey, isGoodOutcome, type VerificationLevel } from "../../practice/contract/evidence.ts";
import { runIdOf } from "../../practice/contract/store.ts";
import type { Decode } from "../engines/decode.ts";
import type { OpenTarget } from "../engines/restore.ts";
import { CLOCK_TOLERANCE_SECONDS } from "../store/backups.ts";
import { readRecord } from "../store/evidence.ts";
import type { Store } from "../store/store.ts";
import { type ChecksumsJob, checkChecksums } from "./checksums.ts";
import { checkDecode } from "./decode.ts";
import { checkRestore, type RestoreJob } from "./restore.ts";
import { failure, type Verdict } from "./verdict.ts";

export interface VerificationJob extends ChecksumsJob, RestoreJob {
  readonly system: string;
  readonly stack: string;
  readonly source: string;
  readonly level: VerificationLevel;
  /** The schedule's own time: two deliveries of one check are one check. */
  readonly scheduledAt: Date;
}

export interface VerificationPorts {
  readonly store: Store;
  /** The copy in the second region, if there is one. */
  readonly replica?: Store;
  /** Reads a dump of the source's engine; asked for by the level decode. */
  readonly decode?: Decode;
  /** Reaches a scratch database; asked for by the level restore. */
  readonly openTarget?: OpenTarget;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export interface VerificationReport {
  /** `already-recorded`: another delivery of the same check was first; nothing was changed. */
  readonly recorded: "recorded" | "already-recorded";
  readonly key: string;
  readonly record: EvidenceRecord;
}

/** A check that did not end well. Its evidence is in the store: this makes whoever started it see it too. */
export class CheckNotGood extends Error {
  override readonly name = "CheckNotGood";
  readonly report: VerificationReport;

  constructor(report: VerificationReport) {
    const { source, level, outcome, findings } = report.record;
    super(`Expected the check of ${source} (${level}) to end well, it says ${outcome}. ${findings.join(" ")} The evidence is ${report.key}.`);
    this.report = report;
  }
}

/**
 * Checks the backups of a source at one level and writes down what it found, once and for good; throws `CheckNotGood`
 * after that unless all is well. A check that is killed leaves no record: it says nothing.
 */
export async function runVerification(job: VerificationJob, ports: VerificationPorts): Promise<VerificationReport> {
  const { store, now, signal } = ports;
  signal.throwIfAborted();
  const key = evidenceKey(job, job.scheduledAt);
  const report = await store.facts(key) === undefined ? await checkAndRecord(job, ports, key, now()) : await recordedBefore(job, store, key);
  if (!isGoodOutcome(report.record.outcome)) throw new CheckNotGood(report);
  return report;
}

async function checkAndRecord(job: VerificationJob, ports: VerificationPorts, key: string, startedAt: Date): Promise<VerificationReport> {
  const { store, now } = ports;
  const record = recordOf(job, await verdictOf(job, ports, startedAt), startedAt, now());
  // Two deliveries at once check twice, and the first one's word counts.
  if (await store.create(key, `${JSON.stringify(record, undefined, 2)}\n`)) return { recorded: "recorded", key, record };
  return recordedBefore(job, store, key);
}

/** The record that lies under a key of this source. */
export async function recordedBefore({ system, source }: Pick<VerificationJob, "system" | "source">, store: Store, key: string): Promise<VerificationReport> {
  const check = checkOf(system, source, key);
  if (check === undefined) throw new Error(`Expected ${key} to be the key of a check, it is none. This is a fault of the contract.`);
  return { recorded: "already-recorded", key, record: await readRecord(store, system, source, check) };
}

/** Whatever keeps a level from being judged is a verdict too: failed, which says nothing of the backup. */
async function verdictOf(job: VerificationJob, ports: VerificationPorts, startedAt: Date): Promise<Verdict> {
  const aheadSeconds = (job.scheduledAt.getTime() - startedAt.getTime()) / 1000;
  if (aheadSeconds > CLOCK_TOLERANCE_SECONDS) {
    return { outcome: "failed", findings: [`Expected a check that is due, its time ${job.scheduledAt.toISOString()} is ${Math.round(aheadSeconds)} s ahead of ${startedAt.toISOString()}: one of two clocks is wrong, and no age can be trusted.`] };
  }
  try {
    return await judge(job, ports);
  } catch (error) {
    return { outcome: "failed", findings: [failure(error).finding] };
  }
}

function judge(job: VerificationJob, ports: VerificationPorts): Promise<Verdict> {
  const place = { store: ports.store, system: job.system, stack: job.stack, source: job.source };
  switch (job.level) {
    case "checksums": return checkChecksums(place, job, ports);
    case "decode": return checkDecode(place, { ...ports, decode: expectPort(ports.decode, "a decoder", job) });
    case "restore": return checkRestore(place, job, { ...ports, openTarget: expectPort(ports.openTarget, "a scratch database", job) });
  }
}

function expectPort<Port>(port: Port | undefined, what: string, { level }: VerificationJob): Port {
  if (port === undefined) throw new Error(`Expected ${what} for the level ${level}, none was given.`);
  return port;
}

const recordOf = (job: VerificationJob, { outcome, findings, extent, backup, restore }: Verdict, startedAt: Date, finishedAt: Date): EvidenceRecord => ({
  version: 1,
  system: job.system,
  stack: job.stack,
  source: job.source,
  level: job.level,
  checkId: runIdOf(job.scheduledAt),
  startedAt: startedAt.toISOString(),
  finishedAt: finishedAt.toISOString(),
  outcome,
  findings,
  ...(extent === undefined ? {} : { extent }),
  ...(backup === undefined ? {} : {
    backup: {
      runId: backup.runId, attempt: backup.attempt, scheduledAt: backup.scheduledAt,
      key: backup.object.key, versionId: backup.object.versionId, sha256: backup.object.sha256,
    },
  }),
  ...(restore === undefined ? {} : { restore }),
});
