import type { AlertSignal } from "../alerts/signals.ts";
import type { AlertKey } from "../config/alert-keys.ts";

type CamelCase<Words extends string> = Words extends `${infer First}-${infer Others}` ? `${First}${Capitalize<CamelCase<Others>>}` : Words;

/** Of a host a backup fails as of everything else: one key for both. */
type KeyOf<Kind extends AlertSignal["kind"]> = Kind extends "host-backup-failed" ? "backupFailed" : CamelCase<Kind>;

/** How the stack file calls each kind of alert: as its runbook is called, written as a key. */
export const alertKeys: { readonly [Kind in AlertSignal["kind"]]: KeyOf<Kind> } = {
  "backup-age": "backupAge",
  "backup-failed": "backupFailed",
  "host-backup-failed": "backupFailed",
  "backup-not-started": "backupNotStarted",
  "not-copied": "notCopied",
  "held-back": "heldBack",
  "unverified-checksums": "unverifiedChecksums",
  "unverified-decode": "unverifiedDecode",
  "unverified-restore": "unverifiedRestore",
  "corrupted": "corrupted",
  "too-small": "tooSmall",
  "suspicious": "suspicious",
  "check-failed": "checkFailed",
  "check-not-started": "checkNotStarted",
  "drill-failed": "drillFailed",
  "drill-not-started": "drillNotStarted",
  "snapshot-missing": "snapshotMissing",
  "snapshot-failed": "snapshotFailed",
  "snapshot-not-copied": "snapshotNotCopied",
  "snapshot-restore-failed": "snapshotRestoreFailed",
  "function-failed": "functionFailed",
  "function-not-started": "functionNotStarted",
  "evidence-silent": "evidenceSilent",
} satisfies Readonly<Record<AlertSignal["kind"], AlertKey>>;
