import { runIdOf, scheduledAtOf } from "./store.ts";

/** The ladder: each step finds what the one below cannot, is reported apart, and has its own schedule and age. */
export const verificationLevels = [
  /** What the store says of the objects is what their manifests say. */
  "checksums",
  /** Every byte read again: its SHA-256, and a decoder that reads the whole dump. */
  "decode",
  /** Restored into an empty scratch database, with the same counts and hashes as its source had. */
  "restore",
] as const;

export type VerificationLevel = (typeof verificationLevels)[number];

/**
 * What a check says of a backup. `verified`: as good as its level can say. `restored`: the same of a restore.
 * `suspicious` and `too-small`: all is as its manifest says, but the size is far from that of the seven before it.
 * `corrupted`: the backup is not what its manifest says. `failed`: the check could not be made, which says nothing of
 * the backup. `missing`: there was no backup to check, or a part of it is gone.
 */
export const checkOutcomes = ["verified", "restored", "suspicious", "too-small", "corrupted", "failed", "missing"] as const;

export type CheckOutcome = (typeof checkOutcomes)[number];

/** Only these are success. */
export const isGoodOutcome = (outcome: CheckOutcome): boolean => outcome === "verified" || outcome === "restored";

/** One check of one source, written create-only and never expired: what an auditor reads. */
export interface EvidenceRecord {
  readonly version: 1;
  readonly system: string;
  readonly stack: string;
  readonly source: string;
  readonly level: VerificationLevel;
  /** Named by its scheduled time, as a run is: two deliveries of one check leave one record. */
  readonly checkId: string;
  /** ISO 8601 instants. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly outcome: CheckOutcome;
  /** What was found, in sentences; empty when all is well. */
  readonly findings: readonly string[];
  /** In words: what was looked at, where a check does not look at all each time. */
  readonly extent?: string;
  /** The backup that was checked; absent when there was none. */
  readonly backup?: {
    readonly runId: string;
    readonly attempt: string;
    readonly scheduledAt: string;
    readonly key: string;
    readonly versionId: string;
    readonly sha256: string;
  };
  /** Only of a restore. */
  readonly restore?: {
    /** Where it was restored, without a password. */
    readonly target: string;
    /** From the first byte read to the last comparison: what a recovery would take, the measured RTO. */
    readonly durationMilliseconds: number;
    /** Age of the backup when the restore began: what would have been lost, the measured RPO. */
    readonly ageSeconds: number;
    /** How many tables, namespaces or databases had the same count, and how many the same hash. */
    readonly sameCounts: number;
    readonly sameHashes: number;
    /** The answer to the smoke query, where the stack file has one. */
    readonly smokeAnswer?: string;
  };
}

/** `<system>/evidence/<source>/`; no source may be called `evidence`, so this is no source's prefix. */
export const evidencePrefix = (system: string, source: string): string => `${system}/evidence/${source}/`;

/** `<system>/evidence/<source>/<yyyy>/<mm>/<checkId>-<level>.json` */
export function evidenceKey({ system, source, level }: Pick<EvidenceRecord, "system" | "source" | "level">, scheduledAt: Date): string {
  const checkId = runIdOf(scheduledAt);
  return `${evidencePrefix(system, source)}${checkId.slice(0, 4)}/${checkId.slice(4, 6)}/${checkId}-${level}.json`;
}

export interface NamedCheck {
  readonly key: string;
  readonly checkId: string;
  readonly scheduledAt: Date;
  readonly level: VerificationLevel;
}

/** The check whose record lies under a key; undefined when the key is none that `evidenceKey` gives. */
export function checkOf(system: string, source: string, key: string): NamedCheck | undefined {
  const [, checkId = "", word = ""] = /([^/-]+)-([a-z]+)\.json$/.exec(key) ?? [];
  const level = verificationLevels.find((known) => known === word);
  const scheduledAt = scheduledAtOf(checkId);
  if (level === undefined || scheduledAt === undefined || key !== evidenceKey({ system, source, level }, scheduledAt)) return undefined;
  return { key, checkId, scheduledAt, level };
}
