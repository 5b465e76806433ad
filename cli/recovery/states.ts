import { expectSound, readManifest, type StoredRun, type StoredSource } from "../../handlers/store/backups.ts";
import { NotABackup } from "../../handlers/store/manifest.ts";
import { compareSize, sizeOf } from "../../handlers/store/size.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";

/**
 * How a run stands, in a word. `sound`: its dump is there, with the size and checksum of its manifest. `no manifest`: no
 * backup, or one that is still under way. `suspicious`, `too small`: sound, but far from the size of those before it.
 */
export type RunState = "sound" | "suspicious" | "too small" | "no manifest" | "wrong checksum" | "dump missing" | "dated ahead";

export interface ListedBackup {
  readonly system: string;
  readonly source: string;
  readonly runId: string;
  readonly ageSeconds: number;
  readonly state: RunState;
  /** May be removed: something newer stands in for it. */
  readonly superseded: boolean;
  /** Size of the stored dump, or of the copies that it lists, as its manifest says. */
  readonly bytes?: number;
  /** What is wrong with it, in a sentence. */
  readonly problem?: string;
}

const states = { "corrupted": "wrong checksum", "missing": "dump missing", "dated-ahead": "dated ahead" } as const;

/** Looks at every run. In a folder each dump is read for its checksum. */
export async function listStates(place: StoredSource, runs: readonly StoredRun[], now: Date): Promise<readonly ListedBackup[]> {
  const seen: { readonly run: StoredRun; readonly manifest?: BackupManifest; readonly problem?: NotABackup }[] = [];
  for (const run of runs) seen.push({ run, ...await lookAt(place, run, now) });
  const listed: ListedBackup[] = [];
  for (const [index, { run, manifest, problem }] of seen.entries()) {
    const key = manifest?.object.key ?? run.dumpKeys[0];
    listed.push({
      system: place.system, source: place.source, runId: run.runId,
      ageSeconds: Math.round((now.getTime() - run.scheduledAt.getTime()) / 1000),
      state: problem === undefined ? stateOf(manifest, seen.slice(index + 1)) : states[problem.fault],
      superseded: key !== undefined && await place.store.isSuperseded(key),
      ...(manifest === undefined ? {} : { bytes: sizeOf(manifest) }),
      ...(problem === undefined ? {} : { problem: problem.message }),
    });
  }
  return listed;
}

async function lookAt(place: StoredSource, run: StoredRun, now: Date): Promise<{ readonly manifest?: BackupManifest; readonly problem?: NotABackup }> {
  if (run.manifestKey === undefined) return {};
  let manifest: BackupManifest | undefined;
  try {
    manifest = await readManifest(place, run.manifestKey);
    await expectSound(place, manifest, now);
    return { manifest };
  } catch (error) {
    if (!(error instanceof NotABackup)) throw error;
    return { ...(manifest === undefined ? {} : { manifest }), problem: error };
  }
}

function stateOf(manifest: BackupManifest | undefined, earlier: readonly { readonly manifest?: BackupManifest; readonly problem?: NotABackup }[]): RunState {
  if (manifest === undefined) return "no manifest";
  const sizes = earlier.flatMap((one) => (one.manifest === undefined || one.problem !== undefined ? [] : [sizeOf(one.manifest)]));
  const verdict = compareSize(sizeOf(manifest), sizes)?.verdict ?? "plausible";
  return verdict === "plausible" ? "sound" : verdict === "too-small" ? "too small" : verdict;
}
