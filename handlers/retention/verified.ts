import { type EvidenceRecord, isGoodOutcome, type NamedCheck, type VerificationLevel } from "../../practice/contract/evidence.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { sizesBefore, type StoredRun, type StoredSource } from "../store/backups.ts";
import { listChecks, NotEvidence, readRecord } from "../store/evidence.ts";
import { compareSize, SIZES_COMPARED, sizeOf } from "../store/size.ts";

export interface VerifiedBy {
  readonly place: StoredSource;
  readonly runs: readonly StoredRun[];
  /** Levels at which the source is checked on schedule. */
  readonly levels: readonly VerificationLevel[];
  readonly now: Date;
  readonly reject: (problem: NotEvidence) => void;
}

/**
 * Says of a sound backup whether it is verified: its size is plausible, no check that read it found it corrupted, and,
 * where dumps are read whole on schedule, one did and found it good. See docs/decisions/0010.
 */
export async function verifiedBy({ place, runs, levels, now, reject }: VerifiedBy): Promise<(backup: BackupManifest) => Promise<boolean>> {
  const { checks } = await listChecks(place.store, place.system, place.source);
  const reading = checks.filter(({ level }) => level !== "checksums");
  const read = new Map<string, EvidenceRecord | undefined>();

  return async (backup) => {
    const said = await newestOf(backup, reading, (check) => readOnce(place, check, read, reject));
    if (said === undefined ? levels.includes("decode") : !isGoodOutcome(said.outcome)) return false;
    const sizes = compareSize(sizeOf(backup), await sizesBefore(place, runs, backup, SIZES_COMPARED, now));
    return sizes === undefined || sizes.verdict === "plausible";
  };
}

/** The newest check that read just this dump and could say something of it. None is older than the backup. */
async function newestOf(
  { runId, attempt, object }: BackupManifest, checks: readonly NamedCheck[], recordOf: (check: NamedCheck) => Promise<EvidenceRecord | undefined>,
): Promise<EvidenceRecord | undefined> {
  for (const check of checks) {
    if (check.checkId < runId) return undefined;
    const record = await recordOf(check);
    const named = record?.backup;
    if (record?.outcome !== "failed" && named?.runId === runId && named.attempt === attempt && named.sha256 === object.sha256) return record;
  }
  return undefined;
}

async function readOnce(
  { store, system, source }: StoredSource, check: NamedCheck, read: Map<string, EvidenceRecord | undefined>, reject: (problem: NotEvidence) => void,
): Promise<EvidenceRecord | undefined> {
  if (read.has(check.key)) return read.get(check.key);
  let record: EvidenceRecord | undefined;
  try {
    record = await readRecord(store, system, source, check);
  } catch (error) {
    if (!(error instanceof NotEvidence)) throw error;
    reject(error);
  }
  read.set(check.key, record);
  return record;
}
