import { metricNames, metricNamespace } from "../contract/metrics.ts";
import type { MetricAlarm } from "./alarm.ts";

/** What an alert looks at. A source is named where the signal is about one. */
export type AlertSignal =
  | { readonly kind: "backup-age"; readonly source: string }
  | { readonly kind: "backup-failed"; readonly source: string }
  | { readonly kind: "backup-not-started"; readonly source: string }
  | { readonly kind: "host-backup-failed"; readonly source: string }
  | { readonly kind: "function-failed"; readonly function: "evidence" | "retention" }
  | { readonly kind: "function-not-started"; readonly function: "evidence" | "retention" }
  | { readonly kind: "held-back"; readonly source: string }
  | { readonly kind: "not-copied"; readonly source: string }
  | { readonly kind: "unverified-checksums"; readonly source: string }
  | { readonly kind: "unverified-decode"; readonly source: string }
  | { readonly kind: "unverified-restore"; readonly source: string }
  | { readonly kind: "corrupted"; readonly source: string }
  | { readonly kind: "too-small"; readonly source: string }
  | { readonly kind: "suspicious"; readonly source: string }
  | { readonly kind: "check-failed"; readonly source: string }
  | { readonly kind: "check-not-started"; readonly source: string }
  | { readonly kind: "drill-failed"; readonly source: string }
  | { readonly kind: "drill-not-started"; readonly source: string }
  | { readonly kind: "snapshot-missing" | "snapshot-failed" | "snapshot-not-copied" | "snapshot-restore-failed"; readonly source: string }
  | { readonly kind: "evidence-silent" };

/** How CloudWatch measures a signal, as far as the evaluation here knows it too. The dimensions come from the resources. */
export interface Measure {
  readonly namespace: string;
  readonly metric: string;
  readonly statistic: MetricAlarm["statistic"];
  readonly unit: "seconds" | "runs" | "messages" | "backups" | "levels" | "percent" | "jobs";
  readonly periodSeconds: number;
  /** M of N periods have to be over the threshold. */
  readonly datapoints: number;
  readonly periods: number;
  readonly comparison: MetricAlarm["comparison"];
  /** `breaching` where silence is the fault; `notBreaching` where silence is health. */
  readonly missing: "breaching" | "notBreaching";
}

const QUARTER_HOUR = 900;

/** The pace of the retention function, which publishes once a run. */
const SIX_HOURS = 21_600;

/** Age gauges come every 15 minutes: two silent or late periods are a fault, one is a hiccup. */
const gauge = { statistic: "Maximum", periodSeconds: QUARTER_HOUR, datapoints: 2, periods: 2, missing: "breaching" } as const;

const HOUR = 3_600;
const DAY = 86_400;

/**
 * Faults are counted: one is enough, and no datapoint means that none happened. They stay raised for 16 hours: past any
 * quiet hours, and over before the next night's run can fail again and has to be told again.
 */
const fault = { statistic: "Sum", periodSeconds: HOUR, datapoints: 1, periods: 16, missing: "notBreaching" } as const;

/** What could not be started waits in a queue until somebody looks. */
const undelivered = {
  ...fault, namespace: "AWS/SQS", metric: "ApproximateNumberOfMessagesVisible", statistic: "Maximum", unit: "messages", comparison: "GreaterThanThreshold",
} as const;

/** AWS Backup counts its jobs by vault: one is enough, and no datapoint means that none ended so. */
const snapshotFault = { ...fault, namespace: "AWS/Backup", unit: "jobs", comparison: "GreaterThanThreshold" } as const;

export const measures: Readonly<Record<AlertSignal["kind"], Measure>> = {
  "backup-age": { ...gauge, namespace: metricNamespace, metric: metricNames.backupAge, unit: "seconds", comparison: "GreaterThanThreshold" },
  "backup-failed": { ...fault, namespace: "AWS/States", metric: "ExecutionsFailed", unit: "runs", comparison: "GreaterThanThreshold" },
  "backup-not-started": undelivered,
  // What is sent is counted, not what waits: a run that failed is over with the next good one, and nobody has to empty a queue.
  "host-backup-failed": { ...fault, namespace: "AWS/SQS", metric: "NumberOfMessagesSent", unit: "runs", comparison: "GreaterThanThreshold" },
  "function-failed": { ...fault, namespace: "AWS/Lambda", metric: "Errors", unit: "runs", comparison: "GreaterThanThreshold" },
  "function-not-started": undelivered,
  // Silence is a fault too: retention that never runs lets backups pile up.
  "held-back": { ...gauge, periodSeconds: SIX_HOURS, namespace: metricNamespace, metric: metricNames.backupsHeldBack, unit: "backups", comparison: "GreaterThanThreshold" },
  // Where nobody measures at all, the ages say so: of this and of what follows without an age.
  "not-copied": { ...gauge, missing: "notBreaching", namespace: metricNamespace, metric: metricNames.backupsNotCopied, unit: "backups", comparison: "GreaterThanThreshold" },
  "unverified-checksums": { ...gauge, namespace: metricNamespace, metric: metricNames.checksumsAge, unit: "seconds", comparison: "GreaterThanThreshold" },
  "unverified-decode": { ...gauge, namespace: metricNamespace, metric: metricNames.decodeAge, unit: "seconds", comparison: "GreaterThanThreshold" },
  "unverified-restore": { ...gauge, namespace: metricNamespace, metric: metricNames.restoreAge, unit: "seconds", comparison: "GreaterThanThreshold" },
  "corrupted": { ...gauge, missing: "notBreaching", namespace: metricNamespace, metric: metricNames.backupsCorrupted, unit: "levels", comparison: "GreaterThanThreshold" },
  "too-small": { ...gauge, missing: "notBreaching", namespace: metricNamespace, metric: metricNames.backupSizeOfMedian, unit: "percent", comparison: "LessThanThreshold" },
  "suspicious": { ...gauge, missing: "notBreaching", namespace: metricNamespace, metric: metricNames.backupSizeOff, unit: "percent", comparison: "GreaterThanThreshold" },
  "check-failed": { ...fault, namespace: "AWS/Lambda", metric: "Errors", unit: "runs", comparison: "GreaterThanThreshold" },
  "check-not-started": undelivered,
  "drill-failed": { ...fault, namespace: "AWS/States", metric: "ExecutionsFailed", unit: "runs", comparison: "GreaterThanThreshold" },
  "drill-not-started": undelivered,
  // Two days, because a period of CloudWatch is a day of UTC and a snapshot may begin on either side of its end.
  "snapshot-missing": {
    namespace: "AWS/Backup", metric: "NumberOfBackupJobsCompleted", statistic: "Sum", unit: "jobs",
    periodSeconds: DAY, datapoints: 2, periods: 2, comparison: "LessThanThreshold", missing: "breaching",
  },
  "snapshot-failed": { ...snapshotFault, metric: "NumberOfBackupJobsFailed" },
  "snapshot-not-copied": { ...snapshotFault, metric: "NumberOfCopyJobsFailed" },
  "snapshot-restore-failed": { ...snapshotFault, metric: "NumberOfRestoreJobsFailed" },
  "evidence-silent": { ...gauge, statistic: "Sum", namespace: metricNamespace, metric: metricNames.evidenceRuns, unit: "runs", comparison: "LessThanThreshold" },
};
