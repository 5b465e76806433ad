import type { BackupOutcome } from "../../practice/contract/events.ts";
import { manifestKey, runPrefix } from "../../practice/contract/store.ts";
import { expectSound, readManifest, type StoredSource } from "../store/backups.ts";

/** The backup of one run: its manifest, and its dump as that says. Throws when there is none, whatever a program said of itself. */
export async function findBackup(place: StoredSource, scheduledAt: Date, now: Date): Promise<BackupOutcome> {
  const key = manifestKey(runPrefix(place.system, place.source, scheduledAt));
  if (await place.store.facts(key) === undefined) {
    throw new Error(`Expected the manifest ${key} after the run, the store has none: nothing of this run is a backup. Its log says why; start it again with the same scheduled time.`);
  }
  const manifest = await readManifest(place, key);
  await expectSound(place, manifest, now);
  return { outcome: "stored", manifestKey: key, bytes: manifest.object.bytes };
}
