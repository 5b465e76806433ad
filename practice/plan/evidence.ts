import type { SourceRetention } from "../contract/environment.ts";
import { functionNames } from "../contract/names.ts";
import type { Settings } from "../config/settings.ts";
import { copiesFunction, storeFunction } from "./functions.ts";
import type { BackupEntry, DrillEntry, EvidenceEntry, RetentionEntry, VerificationEntry } from "./entries.ts";

/** CloudWatch keeps a gauge's pace: the alarms look at two periods of 15 minutes. */
const EVIDENCE_EVERY_MINUTES = 15;

const sourcesOf = (backups: readonly BackupEntry[], verifications: readonly VerificationEntry[], drills: readonly DrillEntry[] = []): readonly SourceRetention[] =>
  backups.map(({ source, keepDays }) => ({
    source, keepDays, levels: [
      ...verifications.filter((entry) => entry.source === source).flatMap(({ checks }) => checks.map(({ level }) => level)),
      ...drills.filter((entry) => entry.source === source).map(() => "restore" as const),
    ],
  }));

export const planEvidence = (backups: readonly BackupEntry[], verifications: readonly VerificationEntry[], drills: readonly DrillEntry[]): EvidenceEntry => ({
  kind: "evidence",
  name: functionNames.evidence,
  from: "upkeep:databases",
  carries: [],
  ...storeFunction,
  everyMinutes: EVIDENCE_EVERY_MINUTES,
  sources: sourcesOf(backups, verifications, drills),
});

/** Every six hours: a backup lives at most that much longer than asked, and a failed run is repeated the same day. */
export const planRetention = (backups: readonly BackupEntry[], verifications: readonly VerificationEntry[], { system }: Settings): RetentionEntry => ({
  kind: "retention",
  name: functionNames.retention,
  from: "upkeep:databases",
  carries: ["retention.backups"],
  ...(backups.some((backup) => backup.kind === "files-backup" && backup.as === "copies") ? copiesFunction : storeFunction),
  schedule: { words: "every 6 hours", expression: "rate(6 hours)", timeZone: system.timeZone },
  sources: sourcesOf(backups, verifications),
});
