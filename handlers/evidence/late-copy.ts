import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { keysNotCopied, shouldBeCopied } from "../store/copies.ts";
import type { Store } from "../store/store.ts";

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
    if (shouldBeCopied(backup, now)) return missing;
  }
  return [];
}
