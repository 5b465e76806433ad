import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { type OpenTarget, type Purpose, restoreSourceOf, type RestoreTarget } from "../engines/restore.ts";
import type { StoredSource } from "../store/backups.ts";
import { compareContents, notComparable } from "./compare.ts";
import { type Newest, newestBackup } from "./newest.ts";
import { readWhole } from "./read-whole.ts";
import { failure, type Fault, findingsOf, outcomeOf, type Verdict } from "./verdict.ts";

export interface RestoreJob {
  /** The backup to restore, one that is sound. Default: the newest. */
  readonly chosen?: BackupManifest;
  /** What the target is for. Default: scratch; a recovery is a person's. */
  readonly purpose?: Purpose;
  /** A question to the restored database, in the engine's own language; its answer is kept in the evidence. */
  readonly smoke?: string;
}

export interface RestorePorts {
  readonly openTarget: OpenTarget;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Restores a backup into a database that has proved to be fit for it, and holds what is there against the manifest. */
export async function checkRestore(place: StoredSource, job: RestoreJob, ports: RestorePorts): Promise<Verdict> {
  const { now, signal } = ports;
  const { backup, faults }: Newest = job.chosen === undefined ? await newestBackup(place, now()) : { backup: job.chosen, faults: [] };
  if (backup === undefined) return { outcome: outcomeOf(faults, "restored"), findings: findingsOf(faults) };

  const target = await ports.openTarget(signal);
  try {
    const startedAt = now();
    const drilled = await drill(place, backup, target, job, signal);
    const all = [...faults, ...drilled.faults];
    return {
      outcome: outcomeOf(all, "restored"),
      findings: findingsOf(all),
      backup,
      restore: {
        target: target.name,
        // A clock may be set back in the meantime: evidence that says less than nothing would be none.
        durationMilliseconds: Math.max(0, now().getTime() - startedAt.getTime()),
        ageSeconds: Math.max(0, Math.round((startedAt.getTime() - Date.parse(backup.scheduledAt)) / 1000)),
        sameCounts: drilled.sameCounts,
        sameHashes: drilled.sameHashes,
        ...(drilled.smokeAnswer === undefined ? {} : { smokeAnswer: drilled.smokeAnswer }),
      },
    };
  } finally {
    await target.close();
  }
}

interface Drilled {
  readonly faults: readonly Fault[];
  readonly sameCounts: number;
  readonly sameHashes: number;
  readonly smokeAnswer?: string;
}

async function drill(
  { store }: StoredSource, backup: BackupManifest, target: RestoreTarget, { smoke, purpose = "scratch" }: RestoreJob, signal: AbortSignal,
): Promise<Drilled> {
  const nothingCompared = { sameCounts: 0, sameHashes: 0 };
  try {
    await target.prove(purpose, restoreSourceOf(backup));
    const { fault } = await readWhole(store, backup.object, signal, (dump) => target.load(dump));
    if (fault !== undefined) return { ...nothingCompared, faults: [fault] };
    const found = await target.contents();
    const { faults, ...same } = compareContents(backup, found);
    return { ...same, ...await ask(target, smoke, [...faults, ...notComparable(backup, found)]) };
  } catch (error) {
    signal.throwIfAborted();
    return { ...nothingCompared, faults: [failure(error)] };
  }
}

async function ask(target: RestoreTarget, smoke: string | undefined, faults: readonly Fault[]): Promise<Pick<Drilled, "faults" | "smokeAnswer">> {
  if (smoke === undefined) return { faults };
  try {
    return { faults, smokeAnswer: await target.ask(smoke) };
  } catch (error) {
    return { faults: [...faults, { outcome: "failed", finding: `Expected the restored database to answer the smoke query, it did not: ${failure(error).finding}` }] };
  }
}
