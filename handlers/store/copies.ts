import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { manifestKey, runPrefix } from "../../practice/contract/store.ts";
import type { ObjectFacts, Store } from "./store.ts";

/**
 * Keys of a backup that the second region does not hold as the first does. The copies themselves are asked: the
 * original's replication status stays COMPLETED when a copy is deleted or overwritten later, and the copy is all there
 * is once the first region is gone.
 */
export async function keysNotCopied(store: Store, replica: Store, backup: BackupManifest): Promise<readonly string[]> {
  const manifestAt = manifestKey(runPrefix(backup.system, backup.source, new Date(backup.scheduledAt)));
  const missing: string[] = [];
  if (!isCopy(backup.object, await replica.facts(backup.object.key))) missing.push(backup.object.key);
  if (!isCopy(await store.facts(manifestAt), await replica.facts(manifestAt))) missing.push(manifestAt);
  return missing;
}

/** S3 copies an object's checksum with it; where it gives none, the size has to do. */
function isCopy(original: ObjectFacts | undefined, copy: ObjectFacts | undefined): boolean {
  if (original === undefined || copy?.bytes !== original.bytes) return false;
  return original.crc32 === undefined || copy.crc32 === undefined || original.crc32 === copy.crc32;
}
