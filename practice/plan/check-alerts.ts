import type { AgeAlertSettings, AlertSettings } from "../config/settings.ts";
import { type AlertDraft, EVIDENCE_SILENT, faultInWords } from "./alert-draft.ts";
import { alertKeys } from "./alert-keys.ts";
import { gapSeconds, inWords } from "./calendar.ts";
import type { VerificationEntry } from "./entries.ts";

/** A check that had to be repeated by hand the next working day is late, not forgotten. */
const UNVERIFIED_GRACE_SECONDS = 24 * 3600;

/** Percent of the median below which a backup is too small, and percent off it from which it is suspicious. See `handlers/store/size.ts`. */
const TOO_SMALL_PERCENT = 50;
const SUSPICIOUS_PERCENT = 40;

type Check = VerificationEntry["checks"][number];

/** How a level is called in a title. */
const levelInWords = { checksums: "checksums", decode: "newest backup" } as const;

/** What can be wrong with the backups of a source while each run says that all is well. */
export function checkAlerts(entry: VerificationEntry, alerts: AlertSettings): readonly AlertDraft[] {
  const { source, from } = entry;
  const common = { from, carries: [], threshold: 0 } as const;
  return [
    ...entry.checks.map((check) => unverified(entry, check, alerts[alertKeys[`unverified-${check.level}`]])),
    { ...common, name: `${source}-corrupted`, title: `A backup of ${source} is corrupted`, signal: { kind: "corrupted", source }, thresholdInWords: "one level says so", severity: "P1" },
    {
      ...common, name: `${source}-too-small`, title: `Newest backup of ${source} is too small`, signal: { kind: "too-small", source },
      threshold: TOO_SMALL_PERCENT, thresholdInWords: `less than ${TOO_SMALL_PERCENT} % of the median`, severity: "P2",
    },
    {
      ...common, name: `${source}-suspicious`, title: `Backup of ${source} has a suspicious size`, signal: { kind: "suspicious", source },
      threshold: SUSPICIOUS_PERCENT, thresholdInWords: `more than ${SUSPICIOUS_PERCENT} % off the median`, severity: "P3",
    },
    { ...common, name: `${source}-check-failed`, title: `A check of ${source} did not end well`, signal: { kind: "check-failed", source }, thresholdInWords: faultInWords.failed, severity: "P2" },
    { ...common, name: `${source}-check-not-started`, title: `A check of ${source} could not be started`, signal: { kind: "check-not-started", source }, thresholdInWords: faultInWords["not-started"], severity: "P2" },
  ];
}

function unverified({ source, from }: VerificationEntry, { level, schedule }: Check, { lateSeconds = UNVERIFIED_GRACE_SECONDS }: AgeAlertSettings = {}): AlertDraft {
  const threshold = gapSeconds(schedule) + lateSeconds;
  return {
    name: `${source}-unverified-${level}`,
    from,
    carries: [],
    title: `Unverified: ${levelInWords[level]} of ${source}`,
    signal: { kind: `unverified-${level}`, source },
    threshold,
    thresholdInWords: `not good for ${inWords(threshold)}`,
    severity: "P2",
    suppressedBy: EVIDENCE_SILENT,
  };
}
