import type { SourceRetention } from "../../practice/contract/environment.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { Gauge, PublishGauges } from "../runtime/metrics.ts";
import { Problems } from "../runtime/problems.ts";
import { listRuns, soundBackups, type StoredRun } from "../store/backups.ts";
import { keysNotCopied } from "../store/copies.ts";
import type { Store } from "../store/store.ts";
import { standIn } from "./stand-in.ts";
import { verifiedBy } from "./verified.ts";

export interface RetentionJob {
  readonly system: string;
  readonly stack: string;
  readonly sources: readonly SourceRetention[];
}

export interface RetentionPorts {
  readonly store: Store;
  /** The copy in the second region, if there is one. */
  readonly replica?: Store;
  readonly publish: PublishGauges;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

export interface RetentionReport {
  /** Runs of each source that may now expire. */
  readonly superseded: Readonly<Record<string, readonly string[]>>;
  /** Runs of each source that are over their days and that nothing newer can stand in for. */
  readonly heldBack: Readonly<Record<string, readonly string[]>>;
  /** Keys that the second region does not hold: replication is behind or failed. */
  readonly missingInReplica: readonly string[];
}

const DAY_MILLISECONDS = 86_400_000;

/**
 * Lets backups expire whose days are over, as long as a newer one is verified: its dump is there with its size and
 * checksum, in the second region too if there is one, because what is marked expires in both; its size is plausible, and
 * the checks that read it found it good. The newest verified one stays whatever its age. Repeating it, or what a killed
 * run began, changes nothing.
 */
export async function runRetention(job: RetentionJob, ports: RetentionPorts): Promise<RetentionReport> {
  const problems = new Problems();
  const superseded: Record<string, readonly string[]> = {};
  const heldBack: Record<string, readonly string[]> = {};
  const missingInReplica: string[] = [];

  for (const { source, keepDays, levels = [] } of job.sources) {
    ports.signal.throwIfAborted();
    await problems.during(source, async () => {
      const place = { store: ports.store, system: job.system, stack: job.stack, source };
      const { runs, foreign } = await listRuns(place);
      if (foreign.length > 0) problems.add(source, foreignObjects(foreign));
      const reject = (problem: Error): void => problems.add(source, problem);
      const isVerified = await verifiedBy({ place, runs, levels, now: ports.now(), reject });
      const isReplaced = await standIn(
        soundBackups(place, runs, ports.now(), reject), async (backup) => await isVerified(backup) && await isCopied(backup, ports),
      );
      const over = runs.filter(({ scheduledAt }) => scheduledAt.getTime() + keepDays * DAY_MILLISECONDS <= ports.now().getTime());
      const replaced = over.filter(isReplaced);

      heldBack[source] = over.filter((run) => run.manifestKey !== undefined && !replaced.includes(run)).map(({ runId }) => runId);
      superseded[source] = replaced.map(({ runId }) => runId);
      for (const run of replaced) missingInReplica.push(...await supersede(run, ports));
    });
  }

  const gauges = Object.entries(heldBack).map(([source, runs]): Gauge => ({ name: "backupsHeldBack", source, value: runs.length }));
  if (gauges.length > 0) await ports.publish(gauges);
  problems.throwAny();
  return { superseded, heldBack, missingInReplica };
}

async function isCopied(backup: BackupManifest, { store, replica, signal }: RetentionPorts): Promise<boolean> {
  signal.throwIfAborted();
  return replica === undefined || (await keysNotCopied(store, replica, backup)).length === 0;
}

/**
 * Marks a whole run, the dumps that lost or were never finished included. The manifest comes last, and each object's
 * copy before the object: a run that was killed here is found again by what is left of it in the store.
 */
async function supersede({ dumpKeys, manifestKey }: StoredRun, { store, replica, signal }: RetentionPorts): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const key of [...dumpKeys, ...(manifestKey === undefined ? [] : [manifestKey])]) {
    signal.throwIfAborted();
    if (replica !== undefined && !(await replica.markSuperseded(key))) missing.push(key);
    // Lifecycle may have taken it since it was listed: then there is nothing left to mark.
    await store.markSuperseded(key);
  }
  return missing;
}

function foreignObjects(keys: readonly string[]): Error {
  const [first] = keys;
  return new Error(`Expected only runs under the source's prefix, ${keys.length} objects belong to none, the first is ${first}. Nothing will ever expire them: move them away.`);
}
