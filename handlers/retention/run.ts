import type { SourceRetention } from "../../practice/contract/environment.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { Gauge, PublishGauges } from "../runtime/metrics.ts";
import { Problems } from "../runtime/problems.ts";
import { listRuns, soundBackups, type StoredRun } from "../store/backups.ts";
import { keysNotCopied } from "../store/copies.ts";
import { isInventory } from "../store/inventory.ts";
import type { Store } from "../store/store.ts";
import { absentCopies } from "./absent-copies.ts";
import { markUnlisted } from "./copies.ts";
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
  /** Copies of each bucket's objects that no list names and that may now expire; of sources without copies nothing. */
  readonly unlistedCopies: Readonly<Record<string, number>>;
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
  const unlistedCopies: Record<string, number> = {};

  for (const { source, keepDays, levels = [] } of job.sources) {
    ports.signal.throwIfAborted();
    await problems.during(source, async () => {
      const place = { store: ports.store, system: job.system, stack: job.stack, source };
      const { runs, foreign } = await listRuns(place);
      if (foreign.length > 0) problems.add(source, foreignObjects(foreign));
      const reject = (problem: Error): void => problems.add(source, problem);
      const isVerified = await verifiedBy({ place, runs, levels, now: ports.now(), reject });
      const isReplaced = await standIn(
        soundBackups(place, runs, ports.now(), reject), async (backup) => await isVerified(backup) && await isEverywhere(backup, ports),
      );
      const over = runs.filter(({ scheduledAt }) => scheduledAt.getTime() + keepDays * DAY_MILLISECONDS <= ports.now().getTime());
      const replaced = over.filter(isReplaced);

      heldBack[source] = over.filter((run) => run.manifestKey !== undefined && !replaced.includes(run)).map(({ runId }) => runId);
      superseded[source] = replaced.map(({ runId }) => runId);
      for (const run of replaced) missingInReplica.push(...await supersede(run, ports));
      const unlisted = await markUnlisted(place, runs, ports);
      if (unlisted > 0) unlistedCopies[source] = unlisted;
    });
  }

  const gauges = Object.entries(heldBack).map(([source, runs]): Gauge => ({ name: "backupsHeldBack", source, value: runs.length }));
  if (gauges.length > 0) await ports.publish(gauges);
  problems.throwAny();
  return { superseded, heldBack, unlistedCopies, missingInReplica };
}

/** In every region there is, with the copies that it names. */
async function isEverywhere(backup: BackupManifest, { store, replica, signal }: RetentionPorts): Promise<boolean> {
  signal.throwIfAborted();
  if (replica !== undefined && (await keysNotCopied(store, replica, backup)).length > 0) return false;
  if (!isInventory(backup)) return true;
  for (const region of [store, ...(replica === undefined ? [] : [replica])]) if ((await absentCopies(store, region, backup, signal)) > 0) return false;
  return true;
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
