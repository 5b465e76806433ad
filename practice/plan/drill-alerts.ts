import type { AgeAlertSettings } from "../config/settings.ts";
import { type AlertDraft, EVIDENCE_SILENT, faultInWords } from "./alert-draft.ts";
import { gapSeconds, inWords } from "./calendar.ts";
import type { DrillEntry } from "./entries.ts";

/** A drill that had to be repeated by hand the next working day is late, not forgotten; the longest is over within it too. */
const UNVERIFIED_GRACE_SECONDS = 24 * 3600;

/** What can be wrong with the restore drills of a source. That a backup is corrupted is told by the alert of its checks. */
export function drillAlerts({ source, from, schedule }: DrillEntry, { lateSeconds = UNVERIFIED_GRACE_SECONDS }: AgeAlertSettings = {}): readonly AlertDraft[] {
  const threshold = gapSeconds(schedule) + lateSeconds;
  const common = { from, carries: [], severity: "P2" } as const;
  return [
    {
      ...common, name: `${source}-unverified-restore`, title: `Unverified: restore of ${source}`, signal: { kind: "unverified-restore", source },
      threshold, thresholdInWords: `not good for ${inWords(threshold)}`, suppressedBy: EVIDENCE_SILENT,
    },
    // No source can be called so that an alert of its backup has one of these names.
    { ...common, name: `${source}-failed-drill`, title: `A drill of ${source} did not end well`, signal: { kind: "drill-failed", source }, threshold: 0, thresholdInWords: faultInWords.failed },
    { ...common, name: `${source}-unstarted-drill`, title: `A drill of ${source} could not be started`, signal: { kind: "drill-not-started", source }, threshold: 0, thresholdInWords: faultInWords["not-started"] },
  ];
}
