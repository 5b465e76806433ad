import type { SourceRetention } from "../../practice/contract/environment.ts";
import type { VerificationLevel } from "../../practice/contract/evidence.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { Gauge, PublishGauges } from "../runtime/metrics.ts";
import { Problems } from "../runtime/problems.ts";
import { listRuns, soundBackups, type StoredRun } from "../store/backups.ts";
import { sizeOf } from "../store/size.ts";
import type { Store } from "../store/store.ts";
import { gaugesOfChecks } from "./checks.ts";
import { lateCopies } from "./late-copy.ts";

export interface EvidenceJob {
  readonly system: string;
  readonly stack: string;
  readonly sources: readonly SourceRetention[];
}

export interface EvidencePorts {
  readonly store: Store;
  /** The copy in the second region, if there is one. */
  readonly replica?: Store;
  readonly publish: PublishGauges;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export interface EvidenceReport {
  /** Run of the newest backup of each source; sources without one are not listed. */
  readonly newest: Readonly<Record<string, string>>;
  /** Keys that should be in the second region by now and are not, or not as they are in the first. */
  readonly notCopied: readonly string[];
}

interface SeenSource {
  readonly source: string;
  readonly levels: readonly VerificationLevel[];
  readonly runs: readonly StoredRun[];
  readonly backup: BackupManifest | undefined;
  /** Goes on where `backup` was found. */
  readonly older: AsyncIterator<BackupManifest, undefined>;
}

/**
 * Publishes the age and size of the newest backup of each source, then what the checks say of it, then whether the
 * second region has it, and says in the end what it saw that is no backup. A source without any publishes no age, which
 * its alarm takes as a fault.
 */
export async function runEvidence(job: EvidenceJob, ports: EvidencePorts): Promise<EvidenceReport> {
  const problems = new Problems();
  const seen: SeenSource[] = [];
  for (const { source, levels = [] } of job.sources) {
    ports.signal.throwIfAborted();
    const one = await problems.during(source, () => look(job, { source, levels }, ports, problems));
    if (one !== undefined) seen.push(one);
  }
  const gauges = seen.flatMap(({ source, backup }) => (backup === undefined ? [] : gaugesOf(source, backup, ports.now())));
  // Before the second region is asked: where that is down, each answer takes its time, and this must be out by then.
  if (gauges.length > 0) await ports.publish(gauges);

  const areChecked = await lookForChecks(job, seen, ports, problems);
  const notCopied = ports.replica === undefined ? [] : await lookForCopies(seen, ports.replica, ports, problems);
  // Last, and only after all that was to be said: its absence is how the alarm knows that nobody looked.
  if (seen.length === job.sources.length && areChecked && notCopied !== undefined) await ports.publish([{ name: "evidenceRuns", value: 1 }]);
  problems.throwAny();
  return {
    newest: Object.fromEntries(seen.flatMap(({ source, backup }) => (backup === undefined ? [] : [[source, backup.runId]]))),
    notCopied: notCopied ?? [],
  };
}

async function look({ system, stack }: EvidenceJob, { source, levels }: Pick<SeenSource, "source" | "levels">, { store, now }: EvidencePorts, problems: Problems): Promise<SeenSource> {
  const place = { store, system, stack, source };
  const { runs } = await listRuns(place);
  const older = soundBackups(place, runs, now(), (problem) => problems.add(source, problem));
  return { source, levels, runs, backup: (await older.next()).value, older };
}

/** False when the checks of a source could not be read; nothing is published about those. */
async function lookForChecks(
  { system, stack }: EvidenceJob, seen: readonly SeenSource[], { store, publish, now, signal }: EvidencePorts, problems: Problems,
): Promise<boolean> {
  const found: (readonly Gauge[])[] = [];
  for (const { source, ...one } of seen) {
    signal.throwIfAborted();
    const gauges = await problems.during(`${source}, checks`, () =>
      gaugesOfChecks({ store, system, stack, source }, one, now(), (problem) => problems.add(`${source}, checks`, problem)));
    if (gauges !== undefined) found.push(gauges);
  }
  const gauges = found.flat();
  if (gauges.length > 0) await publish(gauges);
  return found.length === seen.length;
}

/** Undefined when the copies of a source could not be looked for; nothing is published about those. */
async function lookForCopies(
  seen: readonly SeenSource[], replica: Store, { store, publish, now, signal }: EvidencePorts, problems: Problems,
): Promise<readonly string[] | undefined> {
  const found: { readonly source: string; readonly late: readonly string[] }[] = [];
  for (const { source, backup, older } of seen) {
    signal.throwIfAborted();
    const late = await problems.during(`${source}, second region`, () => lateCopies(store, replica, backup, older, now()));
    if (late !== undefined) found.push({ source, late });
  }
  if (found.length > 0) await publish(found.map(({ source, late }): Gauge => ({ name: "backupsNotCopied", source, value: late.length === 0 ? 0 : 1 })));
  return found.length === seen.length ? found.flatMap(({ late }) => late) : undefined;
}

const gaugesOf = (source: string, backup: BackupManifest, now: Date): readonly Gauge[] => [
  // Not below zero: within the clock's tolerance a backup may be dated a moment ahead.
  { name: "backupAge", source, value: Math.max(0, Math.round((now.getTime() - Date.parse(backup.scheduledAt)) / 1000)) },
  { name: "backupBytes", source, value: sizeOf(backup) },
];
