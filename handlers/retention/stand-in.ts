import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { StoredRun } from "../store/backups.ts";

/**
 * Says of each run whether something newer stands in for it. That takes a backup which `isGood`, verified and in every
 * region, and one that has content: what was backed up after a bucket or a database was emptied replaces only what was
 * as empty.
 *
 * `backups`: the sound ones, the newest first; read only as far as needed.
 */
export async function standIn(
  backups: AsyncIterable<BackupManifest>, isGood: (backup: BackupManifest) => Promise<boolean>,
): Promise<(run: StoredRun) => boolean> {
  const empty = new Set<string>();
  let newestEmpty = BEFORE_ALL;
  const isReplacedByEmpty = ({ runId, manifestKey }: StoredRun): boolean =>
    runId < newestEmpty && (manifestKey === undefined || empty.has(runId));

  for await (const backup of backups) {
    const { runId } = backup;
    if (isEmpty(backup)) {
      empty.add(runId);
      if (newestEmpty === BEFORE_ALL && await isGood(backup)) newestEmpty = runId;
    } else if (await isGood(backup)) {
      return (run) => run.runId < runId || isReplacedByEmpty(run);
    }
  }
  return isReplacedByEmpty;
}

/** Runs are named by their time: none sorts before this. */
const BEFORE_ALL = "";

/** Where the manifest counts what is in it. */
const isEmpty = ({ counts }: BackupManifest): boolean => counts !== undefined && Object.values(counts).every((count) => count === 0);
