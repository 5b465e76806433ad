import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { listRuns, soundBackups, type StoredSource } from "../store/backups.ts";
import { type Fault, faultOf } from "./verdict.ts";

export interface Newest {
  /** The newest that can be had back as far as the store says; absent when there is none. */
  readonly backup?: BackupManifest;
  /** What is wrong with those that are newer still. */
  readonly faults: readonly Fault[];
}

/** The backup that a recovery would begin with. One that is passed over on the way to it is a fault, not a detail. */
export async function newestBackup(place: StoredSource, now: Date): Promise<Newest> {
  const { runs } = await listRuns(place);
  const faults: Fault[] = [];
  const { value: backup } = await soundBackups(place, runs, now, (problem) => faults.push(faultOf(problem))).next();
  if (backup !== undefined) return { backup, faults };
  return { faults: faults.length > 0 ? faults : [{ outcome: "missing", finding: `Expected a backup of ${place.source}, there is none.` }] };
}
