import type { AlertDraft } from "./alert-draft.ts";
import { runsDaily } from "./calendar.ts";
import type { SnapshotsEntry } from "./entries.ts";

/** Of snapshots that AWS Backup takes: what it counts by vault. Atlas tells its own people; it publishes nothing to AWS. */
export function snapshotAlerts({ source, from, of }: SnapshotsEntry): readonly AlertDraft[] {
  if (of.kind === "atlas") return [];
  const job = (kind: "snapshot-failed" | "snapshot-not-copied" | "snapshot-restore-failed", title: string): AlertDraft => ({
    name: `${source}-${kind}`, from, carries: [], title, signal: { kind, source }, threshold: 0, thresholdInWords: "one failed job", severity: "P2",
  });
  return [
    job("snapshot-failed", `A managed snapshot of ${source} failed`),
    ...(of.secondRegion === undefined ? [] : [job("snapshot-not-copied", `A managed snapshot of ${source} did not reach ${of.secondRegion}`)]),
    job("snapshot-restore-failed", `A managed snapshot of ${source} could not be restored`),
    // CloudWatch looks back a week: of a snapshot that is rarer than daily it could not say that one is missing.
    ...(runsDaily(of.schedule) ? [missing(source, from)] : []),
  ];
}

const missing = (source: string, from: string): AlertDraft => ({
  name: `${source}-snapshot-missing`,
  from,
  carries: [],
  title: `No managed snapshot of ${source}`,
  signal: { kind: "snapshot-missing", source },
  threshold: 1,
  thresholdInWords: "none in two days",
  severity: "P2",
});
