import { openArchiveTarget } from "../../handlers/engines/files/archive-target.ts";
import { bucketPlace } from "../../handlers/engines/files/bucket-place.ts";
import { folderPlace } from "../../handlers/engines/files/folder-place.ts";
import { type FilesPlace, openFilesTarget } from "../../handlers/engines/files/restore.ts";
import type { OpenTarget } from "../../handlers/engines/restore.ts";
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

/** Restores a list of copies into an empty folder or bucket, or the archive of a folder into an empty one, by the same code as every restore, and leaves evidence in the store. */
export async function restoreFiles(place: StoredSource, backup: BackupManifest, options: RestoreOptions, { environment, now, live }: Surroundings): Promise<VerificationReport> {
  if (options.recover) throw new Misused(sentence("a restore of files without --recover", "it", "an empty folder or bucket lies beside production by itself"));
  const openTarget = await targetOf(backup, options, place, environment);
  const signal = live.interruption();
  await expectTarget(openTarget, "scratch", backup, signal);
  const whole = isInventory(backup) ? `${backup.inventory.objects} files, ${sizeInWords(backup.inventory.bytes)}` : `an archive of ${sizeInWords(backup.object.bytes)}`;
  return watched(live, (seconds) => `restoring ${place.source}: ${whole}; ${spanInWords(Math.round(seconds))}`, () => reported(() => runVerification({
    system: place.system, stack: place.stack, source: place.source, level: "restore", scheduledAt: now, chosen: backup,
  }, { store: place.store, openTarget, now: () => new Date(), signal })));
}

async function targetOf(backup: BackupManifest, options: RestoreOptions, place: StoredSource, environment: Surroundings["environment"]): Promise<OpenTarget> {
  if (isInventory(backup)) return openFilesTarget(await placeAt(options, place, environment));
  // An archive of a bucket names no folders of its own: what is there could not be held against its count.
  const isOfFolder = backup.engine === "files" && backup.database.startsWith("/");
  if (isOfFolder && bucketNamed(options.into) === undefined) return openArchiveTarget(folderPlace(options.into, place.store), environment["PATH"] ?? "");
  if (isOfFolder) throw new Misused(sentence("a folder after `--into` for the archive of a folder", "a bucket", "restore into a folder, and upload that"));
  throw new Misused(sentence("a database after `--into`, or a backup that is a list of copies or of a folder", `a folder or a bucket, and a backup of ${backup.engine} as one file`, "its manifest has a line that restores it"));
}

async function placeAt({ into, store }: RestoreOptions, place: StoredSource, environment: Surroundings["environment"]): Promise<FilesPlace> {
  const [target, from] = [bucketNamed(into), bucketNamed(store)];
  if (target === undefined) return folderPlace(into, place.store);
  if (from === undefined) throw new Misused(sentence("a store in a bucket where files are restored into one", "a folder", "restore into a folder, and upload that"));
  return bucketPlace(await bucketAt(target, environment), await bucketAt(from, environment));
}
