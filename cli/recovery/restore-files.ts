import { bucketPlace } from "../../handlers/engines/files/bucket-place.ts";
import { folderPlace } from "../../handlers/engines/files/folder-place.ts";
import { type FilesPlace, openFilesTarget } from "../../handlers/engines/files/restore.ts";
import type { StoredSource } from "../../handlers/store/backups.ts";
import { isInventory } from "../../handlers/store/inventory.ts";
import { runVerification, type VerificationReport } from "../../handlers/verify/run.ts";
import { sentence } from "../../practice/config/problems.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { RestoreOptions, Surroundings } from "../options.ts";
import { reported } from "./check-page.ts";
import { Misused } from "./misused.ts";
import { expectTarget } from "./restore-into.ts";
import { bucketAt, bucketNamed } from "./store.ts";
import { sizeInWords, spanInWords, watched } from "./words.ts";

/** Whether `--into` names a place for files: a bucket, or a path that begins as one. Database addresses have a scheme of their own. */
export const isFilesPlace = (into: string): boolean => bucketNamed(into) !== undefined || /^\.{0,2}\//.test(into);

/** Restores a list of copies into an empty folder or bucket, by the same code as every restore, and leaves evidence in the store. */
export async function restoreFiles(place: StoredSource, backup: BackupManifest, options: RestoreOptions, { environment, now, live }: Surroundings): Promise<VerificationReport> {
  if (!isInventory(backup)) throw new Misused(sentence("a database after `--into`, or a backup that is a list of copies", `a folder or a bucket, and a backup of ${backup.engine} as one file`, "its manifest has a line that restores it"));
  if (options.recover) throw new Misused(sentence("a restore of files without --recover", "it", "an empty folder or bucket lies beside production by itself"));
  const openTarget = openFilesTarget(await placeAt(options, place, environment));
  const signal = live.interruption();
  await expectTarget(openTarget, "scratch", backup, signal);
  const whole = `${backup.inventory.objects} files, ${sizeInWords(backup.inventory.bytes)}`;
  return watched(live, (seconds) => `restoring ${place.source}: ${whole}; ${spanInWords(Math.round(seconds))}`, () => reported(() => runVerification({
    system: place.system, stack: place.stack, source: place.source, level: "restore", scheduledAt: now, chosen: backup,
  }, { store: place.store, openTarget, now: () => new Date(), signal })));
}

async function placeAt({ into, store }: RestoreOptions, place: StoredSource, environment: Surroundings["environment"]): Promise<FilesPlace> {
  const [target, from] = [bucketNamed(into), bucketNamed(store)];
  if (target === undefined) return folderPlace(into, place.store);
  if (from === undefined) throw new Misused(sentence("a store in a bucket where files are restored into one", "a folder", "restore into a folder, and upload that"));
  return bucketPlace(await bucketAt(target, environment), await bucketAt(from, environment));
}
