import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { listRuns, soundBackups, type StoredSource } from "../store/backups.ts";

/** The newest sound backup of a source, which says how large it was and how long it took; undefined before the first. */
export async function lastRun(place: StoredSource, now: Date): Promise<BackupManifest | undefined> {
  const { runs } = await listRuns(place);
  // What is no backup is passed over: the daily check of checksums tells.
  const newest = await soundBackups(place, runs, now, () => undefined).next();
  return newest.value;
}

const GIBIBYTE = 1024 ** 3;

/** GiB to expect of the next run's object: as declared, and no less than the last one had. */
export const expectedGiB = (declared: number, last: BackupManifest | undefined): number => Math.max(declared, (last?.object.bytes ?? 0) / GIBIBYTE);
