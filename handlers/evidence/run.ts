import type { SourceRetention } from "../../practice/contract/environment.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { Gauge, PublishGauges } from "../runtime/metrics.ts";
import { Problems } from "../runtime/problems.ts";
import { listRuns, newestBackup } from "../store/backups.ts";
import type { Bucket } from "../store/objects.ts";

export interface EvidenceJob {
  readonly system: string;
  readonly stack: string;
  readonly sources: readonly SourceRetention[];
}

export interface EvidencePorts {
  readonly store: Bucket;
  readonly publish: PublishGauges;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export interface EvidenceReport {
  /** Run of the newest backup of each source; sources without one are not listed. */
  readonly newest: Readonly<Record<string, string>>;
}

/**
 * Publishes the age and size of the newest backup of each source, and says in the end what it saw that is no backup. A
 * source without any publishes nothing, which its alarm takes as a fault.
 */
export async function runEvidence(job: EvidenceJob, ports: EvidencePorts): Promise<EvidenceReport> {
  const problems = new Problems();
  const gauges: Gauge[] = [];
  const newest: Record<string, string> = {};
  let unseen = 0;

  for (const { source } of job.sources) {
    ports.signal.throwIfAborted();
    const seen = await problems.during(source, async () => {
      const place = { bucket: ports.store, system: job.system, stack: job.stack, source };
      const { runs } = await listRuns(place);
      return { backup: await newestBackup(place, runs, ports.now(), (problem) => problems.add(source, problem)) };
    });
    if (seen === undefined) unseen += 1;
    if (seen?.backup === undefined) continue;
    newest[source] = seen.backup.runId;
    gauges.push(...gaugesOf(source, seen.backup, ports.now()));
  }

  if (gauges.length > 0) await ports.publish(gauges);
  // Last, and only after all that was to be said: its absence is how the alarm knows that nobody looked.
  if (unseen === 0) await ports.publish([{ name: "evidenceRuns", value: 1 }]);
  problems.throwAny();
  return { newest };
}

const gaugesOf = (source: string, { scheduledAt, object }: BackupManifest, now: Date): readonly Gauge[] => [
  // Not below zero: within the clock's tolerance a backup may be dated a moment ahead.
  { name: "backupAge", source, value: Math.max(0, Math.round((now.getTime() - Date.parse(scheduledAt)) / 1000)) },
  { name: "backupBytes", source, value: object.bytes },
];
