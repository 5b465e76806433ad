import { type EvidenceRecord, isGoodOutcome, type NamedCheck, type VerificationLevel } from "../../practice/contract/evidence.ts";
import type { metricNames } from "../../practice/contract/metrics.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { Gauge } from "../runtime/metrics.ts";
import { CLOCK_TOLERANCE_SECONDS, sizesBefore, type StoredRun, type StoredSource } from "../store/backups.ts";
import { listChecks, NotEvidence, readRecord } from "../store/evidence.ts";
import { compareSize, SIZES_COMPARED, sizeOf } from "../store/size.ts";

const ageOf: { readonly [Level in VerificationLevel]: keyof typeof metricNames } = {
  checksums: "checksumsAge", decode: "decodeAge", restore: "restoreAge",
};

export interface CheckedSource {
  readonly levels: readonly VerificationLevel[];
  readonly runs: readonly StoredRun[];
  /** The newest backup. */
  readonly backup: BackupManifest | undefined;
}

/** How the newest backup's size compares, how long each level has not been good, and whether any says corrupted. */
export async function gaugesOfChecks(
  place: StoredSource, { levels, runs, backup }: CheckedSource, now: Date, reject: (problem: NotEvidence) => void,
): Promise<readonly Gauge[]> {
  const { source } = place;
  const sizes = backup === undefined ? undefined : compareSize(sizeOf(backup), await sizesBefore(place, runs, backup, SIZES_COMPARED, now));
  const sizeGauges: readonly Gauge[] = sizes === undefined ? [] : [
    { name: "backupSizeOfMedian", source, value: sizes.ofMedianPercent }, { name: "backupSizeOff", source, value: sizes.offPercent },
  ];
  if (levels.length === 0) return sizeGauges;

  const { checks } = await listChecks(place.store, place.system, source);
  const since = firstTrace(runs, checks) ?? now;
  const seen = await Promise.all(levels.map(async (level) => ({ level, ...await lookAt(place, checks.filter((check) => check.level === level), now, reject) })));
  return [
    ...sizeGauges,
    { name: "backupsCorrupted", source, value: seen.filter(({ conclusive }) => conclusive?.outcome === "corrupted").length },
    ...seen.map(({ level, good }): Gauge => ({ name: ageOf[level], source, value: secondsSince(good === undefined ? since : new Date(good.startedAt), now) })),
    ...seen.flatMap(({ good }): readonly Gauge[] =>
      (good?.restore === undefined ? [] : [{ name: "restoreDuration", source, value: good.restore.durationMilliseconds }])),
  ];
}

interface SeenLevel {
  /** The newest good check. */
  readonly good?: EvidenceRecord;
  /** The newest that could be made at all: a failed one says nothing of the backup, so an older word stands. */
  readonly conclusive?: EvidenceRecord;
}

/** @param checks Of one level, the newest first; read until one is good. */
async function lookAt({ store, system, source }: StoredSource, checks: readonly NamedCheck[], now: Date, reject: (problem: NotEvidence) => void): Promise<SeenLevel> {
  let conclusive: EvidenceRecord | undefined;
  for (const check of checks) {
    try {
      const record = await readRecord(store, system, source, check);
      expectPast(record, check, now);
      if (record.outcome === "failed") continue;
      conclusive ??= record;
      if (isGoodOutcome(record.outcome)) return { good: record, conclusive };
    } catch (error) {
      if (!(error instanceof NotEvidence)) throw error;
      reject(error);
    }
  }
  return conclusive === undefined ? {} : { conclusive };
}

/** A record of tomorrow would be fresh for a day longer than anything it says is true. */
function expectPast({ startedAt }: EvidenceRecord, { key }: NamedCheck, now: Date): void {
  const aheadSeconds = (Date.parse(startedAt) - now.getTime()) / 1000;
  if (aheadSeconds > CLOCK_TOLERANCE_SECONDS) throw new NotEvidence(`Expected ${key} to be of the past, it is ${Math.round(aheadSeconds)} s ahead of ${now.toISOString()}: it does not count.`);
}

/** When there was first something to check. Backups expire and evidence does not, so each is asked. */
function firstTrace(runs: readonly StoredRun[], checks: readonly NamedCheck[]): Date | undefined {
  const times = [...runs, ...checks].map(({ scheduledAt }) => scheduledAt.getTime());
  return times.length === 0 ? undefined : new Date(Math.min(...times));
}

/** Not below zero: within the clock's tolerance a check may be dated a moment ahead. */
const secondsSince = (moment: Date, now: Date): number => Math.max(0, Math.round((now.getTime() - moment.getTime()) / 1000));
