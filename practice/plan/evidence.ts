import type { SourceRetention } from "../contract/environment.ts";
import { functionNames } from "../contract/names.ts";
import type { Settings } from "../config/settings.ts";
import { storeFunction } from "./functions.ts";
import type { BackupEntry, EvidenceEntry, RetentionEntry } from "./entries.ts";

/** CloudWatch keeps a gauge's pace: the alarms look at two periods of 15 minutes. */
const EVIDENCE_EVERY_MINUTES = 15;

const sourcesOf = (backups: readonly BackupEntry[]): readonly SourceRetention[] =>
  backups.map(({ source, keepDays }) => ({ source, keepDays }));

export const planEvidence = (backups: readonly BackupEntry[]): EvidenceEntry => ({
  kind: "evidence",
  name: functionNames.evidence,
  from: "upkeep:databases",
  carries: [],
  ...storeFunction,
  everyMinutes: EVIDENCE_EVERY_MINUTES,
  sources: sourcesOf(backups),
});

/** Every six hours: a backup lives at most that much longer than asked, and a failed run is repeated the same day. */
export const planRetention = (backups: readonly BackupEntry[], { system }: Settings): RetentionEntry => ({
  kind: "retention",
  name: functionNames.retention,
  from: "upkeep:databases",
  carries: ["retention.backups"],
  ...storeFunction,
  schedule: { words: "every 6 hours", expression: "rate(6 hours)", timeZone: system.timeZone },
  sources: sourcesOf(backups),
});
