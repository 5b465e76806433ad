import type { AlertSignal } from "../alerts/signals.ts";
import type { CatalogId } from "../catalog/item.ts";
import type { Settings } from "../config/settings.ts";
import { gapSeconds, inWords } from "./calendar.ts";
import { alertKeys } from "./alert-keys.ts";
import { checkAlerts } from "./check-alerts.ts";
import { type AlertDraft as Draft, EVIDENCE_SILENT, faultInWords } from "./alert-draft.ts";
import { longestCopiesSeconds } from "./copies.ts";
import { LONGEST_EXPORT_RUN_SECONDS } from "./elasticache.ts";
import { LONGEST_FUNCTION_RUN_SECONDS } from "./functions.ts";
import { longestHostRunSeconds } from "./hosts.ts";
import { longestRunSeconds } from "./runner.ts";
import { drillAlerts } from "./drill-alerts.ts";
import type { AlertEntry, BackupEntry, DrillEntry, HostBackupEntry, SnapshotsEntry, VerificationEntry } from "./entries.ts";
import { snapshotAlerts } from "./snapshot-alerts.ts";

const HOUR_SECONDS = 3600;

/** Room for the longest run of a function (40 minutes) and for evidence to see it, twice over: two hours is late for sure. */
const LATE_SECONDS = 2 * HOUR_SECONDS;

/** Evidence looks every 15 minutes, and the alarm is raised at its second look. */
const EVIDENCE_SECONDS = 1800;

/** In whole hours, as people say it: a backup that a task is still taking, at its second attempt even, is not late. */
const lateAfter = (backup: BackupEntry): number =>
  Math.max(LATE_SECONDS, Math.ceil((longestOf(backup) + EVIDENCE_SECONDS) / HOUR_SECONDS) * HOUR_SECONDS);

function longestOf(backup: BackupEntry): number {
  switch (backup.kind) {
    case "database-backup": return longestRunSeconds(backup);
    case "elasticache-backup": return LONGEST_EXPORT_RUN_SECONDS;
    case "host-backup": return longestHostRunSeconds(backup);
    case "files-backup": return backup.as === "copies" ? longestCopiesSeconds(backup.sizeGiB) : LONGEST_FUNCTION_RUN_SECONDS;
    case "repository-backup":
    case "configuration-backup": return LONGEST_FUNCTION_RUN_SECONDS;
  }
}

export interface AlertedEntries {
  readonly backups: readonly BackupEntry[];
  readonly verifications: readonly VerificationEntry[];
  readonly drills: readonly DrillEntry[];
  readonly snapshots: readonly SnapshotsEntry[];
}

export function planAlerts(settings: Settings, { backups, verifications, drills, snapshots }: AlertedEntries): readonly AlertEntry[] {
  const { alerts, system } = settings;
  const drafts: readonly Draft[] = [
    ...backups.flatMap((backup) => [
      backupAge(backup, alerts.backupAge?.lateSeconds ?? lateAfter(backup)),
      ...(backup.kind === "host-backup"
        ? [hostFault(backup)]
        : [
          fault(backup, "failed", `Backup of ${backup.source} failed`),
          fault(backup, "not-started", `Backup of ${backup.source} could not be started`),
        ]),
      heldBack(backup),
      ...(settings.store.secondRegion === undefined ? [] : [notCopied(backup, settings.store.secondRegion)]),
    ]),
    ...verifications.flatMap((verification) => checkAlerts(verification, alerts)),
    ...drills.flatMap((drill) => drillAlerts(drill, alerts.unverifiedRestore)),
    ...snapshots.flatMap(snapshotAlerts),
    ...(backups.length === 0 ? [] : [
      ...functionFaults("evidence"), ...functionFaults("retention"), evidenceSilent,
    ]),
  ];
  return drafts.map((draft) => ({
    ...draft, severity: alerts[alertKeys[draft.signal.kind]]?.severity ?? draft.severity, kind: "alert", pagedBy: "aws", owner: system.owner, runbook: `${system.runbooks}/${draft.signal.kind}`,
  }));
}

const completion: readonly CatalogId[] = ["verify.completion"];

function backupAge(backup: BackupEntry, lateSeconds: number): Draft {
  const threshold = gapSeconds(backup.schedule) + lateSeconds;
  return {
    name: `${backup.source}-age`,
    from: backup.from,
    carries: completion,
    title: `Newest backup of ${backup.source} is too old`,
    signal: { kind: "backup-age", source: backup.source },
    threshold,
    thresholdInWords: `older than ${inWords(threshold)}`,
    severity: "P1",
    suppressedBy: EVIDENCE_SILENT,
  };
}

function fault(backup: BackupEntry, what: "failed" | "not-started", title: string): Draft {
  return {
    name: `${backup.source}-${what}`,
    from: backup.from,
    carries: completion,
    title,
    signal: { kind: `backup-${what}`, source: backup.source },
    threshold: 0,
    thresholdInWords: faultInWords[what],
    severity: "P2",
  };
}

/** Whatever ended it: the machine says, or SSM, which saw that it did not. One that is switched off says nothing; its age does. */
const hostFault = ({ source, host, from }: HostBackupEntry): Draft => ({
  name: `${source}-failed`,
  from,
  carries: completion,
  title: `Backup of ${source} on ${host} failed`,
  signal: { kind: "host-backup-failed", source },
  threshold: 0,
  thresholdInWords: faultInWords.failed,
  severity: "P2",
});

const heldBack = (backup: BackupEntry): Draft => ({
  name: `${backup.source}-held-back`,
  from: backup.from,
  carries: [],
  title: `Old backups of ${backup.source} do not expire`,
  signal: { kind: "held-back", source: backup.source },
  threshold: 0,
  thresholdInWords: "overdue, or silent 12 hours",
  severity: "P3",
});

const notCopied = (backup: BackupEntry, region: string): Draft => ({
  name: `${backup.source}-not-copied`,
  from: "upkeep:store.secondRegion",
  carries: ["retention.secure-storage"],
  title: `Backups of ${backup.source} do not reach ${region}`,
  signal: { kind: "not-copied", source: backup.source },
  threshold: 0,
  thresholdInWords: "no copy after 2 hours",
  severity: "P2",
});

function functionFaults(name: Extract<AlertSignal, { kind: "function-failed" }>["function"]): readonly Draft[] {
  const common = { from: "upkeep:databases", carries: [], threshold: 0, severity: "P2" } as const;
  return [
    { ...common, thresholdInWords: faultInWords.failed, name: `${name}-failed`, title: `The ${name} function fails`, signal: { kind: "function-failed", function: name } },
    { ...common, thresholdInWords: faultInWords["not-started"], name: `${name}-not-started`, title: `The ${name} function could not be started`, signal: { kind: "function-not-started", function: name } },
  ];
}

const evidenceSilent: Draft = {
  name: EVIDENCE_SILENT,
  from: "upkeep:databases",
  carries: [],
  title: "Nobody measures the age of the backups",
  signal: { kind: "evidence-silent" },
  threshold: 1,
  thresholdInWords: "no run in 30 minutes",
  severity: "P1",
};
