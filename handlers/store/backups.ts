import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { copiesPrefix, manifestKey, runPrefix, scheduledAtOf, sourcePrefix } from "../../practice/contract/store.ts";
import { NotABackup, parseManifest } from "./manifest.ts";
import { sizeOf } from "./size.ts";
import type { Store } from "./store.ts";

/** One source's part of the store. */
export interface StoredSource {
  readonly store: Store;
  readonly system: string;
  readonly stack: string;
  readonly source: string;
}

/** A folder of the store: everything that was written for one run. */
export interface StoredRun {
  readonly runId: string;
  readonly scheduledAt: Date;
  /** Absent: no backup of this run exists. */
  readonly manifestKey?: string;
  /** Keys of all else in the folder: the dumps of its attempts. */
  readonly dumpKeys: readonly string[];
}

interface StoredRuns {
  /** The newest first. */
  readonly runs: readonly StoredRun[];
  /** Keys under the source's prefix that belong to no run. */
  readonly foreign: readonly string[];
}

/** The runs of a source. Copies of a bucket's objects are passed over without being listed: there may be millions. */
export async function listRuns(place: StoredSource): Promise<StoredRuns> {
  const { system, source } = place;
  const foreign: string[] = [];
  const runs = new Map<string, { scheduledAt: Date; manifestKey?: string; dumpKeys: string[] }>();
  for await (const key of keysBesideCopies(place)) {
    const folder = key.slice(0, key.lastIndexOf("/") + 1);
    const runId = folder.split("/").at(-2) ?? "";
    const scheduledAt = scheduledAtOf(runId);
    if (scheduledAt === undefined || folder !== runPrefix(system, source, scheduledAt)) {
      foreign.push(key);
      continue;
    }
    const run = runs.get(runId) ?? { scheduledAt, dumpKeys: [] };
    if (key === manifestKey(folder)) run.manifestKey = key;
    else run.dumpKeys.push(key);
    runs.set(runId, run);
  }
  const newestFirst = [...runs].toSorted(([one], [other]) => (one < other ? 1 : -1)).map(([runId, run]) => ({ runId, ...run }));
  return { runs: newestFirst, foreign };
}

/** Sorts after every hexadecimal digit: after all copies, and before whatever lies behind them. */
const AFTER_HASHES = "g";

async function* keysBesideCopies({ store, system, source }: StoredSource): AsyncGenerator<string> {
  const prefix = sourcePrefix(system, source);
  const copies = copiesPrefix(system, source);
  for await (const { key } of store.list(prefix)) {
    if (!key.startsWith(copies)) {
      yield key;
      continue;
    }
    for await (const behind of store.list(prefix, `${copies}${AFTER_HASHES}`)) yield behind.key;
    return;
  }
}

/**
 * The runs that are backups, by their manifests and by what S3 says of their dumps, the newest first. What is passed
 * over on the way is told to `reject`; a store that does not answer is thrown.
 */
export async function* soundBackups(
  place: StoredSource, runs: readonly StoredRun[], now: Date, reject: (problem: NotABackup) => void,
): AsyncGenerator<BackupManifest, undefined> {
  for (const run of runs) {
    if (run.manifestKey === undefined) continue;
    let manifest: BackupManifest;
    try {
      manifest = await readManifest(place, run.manifestKey);
      await expectSound(place, manifest, now);
    } catch (error) {
      if (!(error instanceof NotABackup)) throw error;
      reject(error);
      continue;
    }
    yield manifest;
  }
  return undefined;
}

/**
 * Sizes of up to `most` sound backups before one, the newest first. What is no backup among them is the daily check's to
 * tell.
 */
export async function sizesBefore(place: StoredSource, runs: readonly StoredRun[], { runId }: Pick<BackupManifest, "runId">, most: number, now: Date): Promise<readonly number[]> {
  const sizes: number[] = [];
  const older = runs.filter((run) => run.runId < runId);
  for await (const backup of soundBackups(place, older, now, () => undefined)) {
    sizes.push(sizeOf(backup));
    if (sizes.length === most) break;
  }
  return sizes;
}

/** The manifest under a key; throws when it is corrupt or speaks of something else. */
export const readManifest = async ({ store, system, stack, source }: StoredSource, key: string): Promise<BackupManifest> =>
  parseManifest(await store.readText(key), { system, stack, source, key });

/** A clock may be this wrong before a manifest counts as dated in the future. Hosts that keep time are within seconds. */
export const CLOCK_TOLERANCE_SECONDS = 300;

/**
 * Throws unless the backup can be had back as far as S3 can say without reading it: dated in the past, the dump there,
 * with the size and the checksum of all its bytes that were measured while it was written.
 */
export async function expectSound({ store }: StoredSource, manifest: BackupManifest, now: Date): Promise<void> {
  const { object, runId, scheduledAt } = manifest;
  const aheadSeconds = (Date.parse(scheduledAt) - now.getTime()) / 1000;
  if (aheadSeconds > CLOCK_TOLERANCE_SECONDS) {
    throw new NotABackup(`Expected backup ${runId} to be dated in the past, it is ${Math.round(aheadSeconds)} s ahead of ${now.toISOString()}: it does not count as fresh.`, { fault: "dated-ahead" });
  }
  const facts = await store.facts(object.key);
  if (facts === undefined) throw new NotABackup(`Expected the dump ${object.key} that its manifest names, the store has no such object.`, { fault: "missing" });
  if (facts.bytes !== object.bytes) throw new NotABackup(`Expected the dump ${object.key} to have ${object.bytes} bytes, it has ${facts.bytes}.`);
  if (facts.crc32 !== object.crc32) {
    throw new NotABackup(`Expected the dump ${object.key} to have the CRC32 ${object.crc32}, it has ${facts.crc32 ?? "none"}.`);
  }
}
