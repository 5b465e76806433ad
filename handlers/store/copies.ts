import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { manifestKey, runPrefix } from "../../practice/contract/store.ts";
import type { ObjectFacts, Store } from "./store.ts";

/** S3 copies most objects within seconds and promises 15 minutes to those who pay for it; a large dump may take longer. */
const COPY_MILLISECONDS = 2 * 60 * 60 * 1000;

/** Whether a backup has had its time to be copied. From its end, not its schedule: copying begins when a dump of hours is finished. */
export const shouldBeCopied = ({ finishedAt }: BackupManifest, now: Date): boolean => Date.parse(finishedAt) + COPY_MILLISECONDS <= now.getTime();

/** An object that the second region does not hold as the first does. */
export interface CopyFault {
  readonly key: string;
  readonly fault: "absent" | "different";
}

/**
 * What of a backup the second region does not hold as the first does. The copies themselves are asked: the original's
 * replication status stays COMPLETED when a copy is deleted or overwritten later, and the copy is all there is once the
 * first region is gone.
 */
export async function copyFaults(store: Store, replica: Store, backup: BackupManifest): Promise<readonly CopyFault[]> {
  const manifestAt = manifestKey(runPrefix(backup.system, backup.source, new Date(backup.scheduledAt)));
  const compared = [
    { key: backup.object.key, original: backup.object, copy: await replica.facts(backup.object.key) },
    { key: manifestAt, original: await store.facts(manifestAt), copy: await replica.facts(manifestAt) },
  ];
  return compared.flatMap(({ key, original, copy }): readonly CopyFault[] =>
    (isCopy(original, copy) ? [] : [{ key, fault: copy === undefined ? "absent" : "different" }]));
}

export const keysNotCopied = async (store: Store, replica: Store, backup: BackupManifest): Promise<readonly string[]> =>
  (await copyFaults(store, replica, backup)).map(({ key }) => key);

/** S3 copies an object's checksum with it; where it gives none, the size has to do. */
function isCopy(original: ObjectFacts | undefined, copy: ObjectFacts | undefined): boolean {
  if (original === undefined || copy?.bytes !== original.bytes) return false;
  return original.crc32 === undefined || copy.crc32 === undefined || original.crc32 === copy.crc32;
}
