import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { keysNotCopied } from "../store/copies.ts";
import type { Store } from "../store/store.ts";

/** S3 copies most objects within seconds and promises 15 minutes to those who pay for it; a large dump may take longer. */
const COPY_MILLISECONDS = 2 * 60 * 60 * 1000;

/**
 * Keys that should be in the second region by now. None while any backup there is as new as the newest that has had its
 * time: where backups are made every hour, the newest alone never would be late.
 */
export async function lateCopies(
  store: Store, replica: Store, newest: BackupManifest | undefined, older: AsyncIterator<BackupManifest, undefined>, now: Date,
): Promise<readonly string[]> {
  for (let backup = newest; backup !== undefined; backup = (await older.next()).value) {
    const missing = await keysNotCopied(store, replica, backup);
    if (missing.length === 0) return [];
    // From its end, not its schedule: copying begins when a dump of hours is finished.
    if (Date.parse(backup.finishedAt) + COPY_MILLISECONDS <= now.getTime()) return missing;
  }
  return [];
}
