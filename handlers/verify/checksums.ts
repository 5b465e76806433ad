import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { expectSound, listRuns, readManifest, type StoredRun, type StoredSource } from "../store/backups.ts";
import { copyFaults, shouldBeCopied } from "../store/copies.ts";
import { isInventory } from "../store/inventory.ts";
import { NotABackup } from "../store/manifest.ts";
import { compareSize, SIZES_COMPARED, sizeOf } from "../store/size.ts";
import type { ObjectFacts, Store } from "../store/store.ts";
import { faultsOfCopies } from "./copies.ts";
import { failure, type Fault, faultOf, findingsOf, outcomeOf, type Verdict } from "./verdict.ts";

export interface ChecksumsJob {
  /** Days that a backup is kept: what is over them may be half gone. Absent: all are looked at. */
  readonly keepDays?: number;
}

export interface ChecksumsPorts {
  readonly replica?: Store;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

const DAY_MILLISECONDS = 86_400_000;

/** A dump that still has no manifest after a day is of no backup that is under way: the longest end within it. */
const UNFINISHED_MILLISECONDS = DAY_MILLISECONDS;

/**
 * Holds what the store says of every kept backup, in each region, against its manifest, without reading a dump. Costs a
 * handful of requests for each, and for the copies of the newest list one for each thousand.
 */
export async function checkChecksums(place: StoredSource, { keepDays }: ChecksumsJob, ports: ChecksumsPorts): Promise<Verdict> {
  const { runs } = await listRuns(place);
  const now = ports.now();
  const seen: Seen[] = [];
  const faults: Fault[] = [];

  for (const run of keptOf(runs, keepDays, now)) {
    ports.signal.throwIfAborted();
    try {
      const one = await look(place, run, now);
      seen.push(one);
      if (ports.replica !== undefined && isSound(one) && shouldBeCopied(one.manifest, now)) faults.push(...await faultsOfCopy(place.store, ports.replica, one.manifest));
    } catch (error) {
      ports.signal.throwIfAborted();
      // A store that does not answer would not answer for the next one either; what was found before stands.
      faults.push(failure(error));
      break;
    }
  }

  const sound = seen.filter(isSound).map(({ manifest }) => manifest);
  const ofCopies = await faultsOfNewestList(place, sound, ports, now);
  const all = [...seen.flatMap((one) => faultOfOne(one, seen)), ...faults, ...ofCopies, ...sizeFault(sound)];
  if (seen.length === 0 && all.length === 0) all.push({ outcome: "missing", finding: `Expected a backup of ${place.source}, there is none.` });
  const [newest] = sound;
  return { outcome: outcomeOf(all, "verified"), findings: findingsOf(all), ...(newest === undefined ? {} : { backup: newest }) };
}

/** Where the newest backup is a list: every copy that it names, in each region. Those of older lists are mostly the same. */
async function faultsOfNewestList(place: StoredSource, [newest]: readonly BackupManifest[], { replica, signal }: ChecksumsPorts, now: Date): Promise<readonly Fault[]> {
  if (newest === undefined || !isInventory(newest)) return [];
  try {
    return [
      ...await faultsOfCopies(place, newest, signal),
      ...(replica === undefined || !shouldBeCopied(newest, now) ? [] : await faultsOfCopies(place, newest, signal, replica)),
    ];
  } catch (error) {
    signal.throwIfAborted();
    return [failure(error)];
  }
}

/** One run, as it was found. */
interface Seen {
  readonly manifest?: BackupManifest;
  readonly fault?: Fault;
  /** What lies where a dump with a fault should; absent when nothing does. */
  readonly facts?: ObjectFacts;
}

const isSound = (one: Seen): one is Seen & { readonly manifest: BackupManifest } => one.manifest !== undefined && one.fault === undefined;

/** Those within their days; where there are none, the newest backup that there is. */
function keptOf(runs: readonly StoredRun[], keepDays: number | undefined, now: Date): readonly StoredRun[] {
  if (keepDays === undefined) return runs;
  const kept = runs.filter(({ scheduledAt }) => scheduledAt.getTime() + keepDays * DAY_MILLISECONDS > now.getTime());
  if (kept.some(({ manifestKey }) => manifestKey !== undefined)) return kept;
  const newest = runs.find(({ manifestKey }) => manifestKey !== undefined);
  return [...kept, ...(newest === undefined ? [] : [newest])];
}

async function look(place: StoredSource, run: StoredRun, now: Date): Promise<Seen> {
  if (run.manifestKey === undefined) return run.scheduledAt.getTime() + UNFINISHED_MILLISECONDS <= now.getTime() ? { fault: noManifest(run) } : {};
  let manifest: BackupManifest | undefined;
  try {
    manifest = await readManifest(place, run.manifestKey);
    await expectSound(place, manifest, now);
    return { manifest };
  } catch (error) {
    if (!(error instanceof NotABackup)) throw error;
    const facts = manifest === undefined ? undefined : await place.store.facts(manifest.object.key);
    return { fault: faultOf(error), ...(manifest === undefined ? {} : { manifest }), ...(facts === undefined ? {} : { facts }) };
  }
}

/** A fault, with what else was seen of it: whose bytes lie there, and which version to bring back. */
function faultOfOne({ fault, manifest, facts }: Seen, seen: readonly Seen[]): readonly Fault[] {
  if (fault === undefined) return [];
  if (manifest === undefined || fault.outcome === "failed") return [fault];
  const owner = facts === undefined ? undefined : seen.find((other) => other.manifest?.object.bytes === facts.bytes && other.manifest.object.crc32 === facts.crc32);
  const { versionId } = manifest.object;
  return [{
    ...fault,
    finding: fault.finding
      + (owner?.manifest === undefined ? "" : ` What lies there is the dump of backup ${owner.manifest.runId}.`)
      + (versionId === "" ? "" : ` Its version ${versionId} is the right one, for as long as the store keeps old versions.`),
  }];
}

const noManifest = ({ runId, dumpKeys }: StoredRun): Fault => ({
  outcome: "missing",
  finding: `Expected a manifest beside ${dumpKeys[0] ?? runId}, there is none: run ${runId} never became a backup, or its manifest was deleted.`,
});

async function faultsOfCopy(store: Store, replica: Store, backup: BackupManifest): Promise<readonly Fault[]> {
  return (await copyFaults(store, replica, backup)).map(({ key, fault }): Fault => (fault === "absent"
    ? { outcome: "missing", finding: `Expected ${replica.addressOf(key)} to be a copy of ${store.addressOf(key)}, there is no such object.` }
    : { outcome: "corrupted", finding: `Expected ${replica.addressOf(key)} to be a copy of ${store.addressOf(key)}, it has another size or checksum.` }));
}

function sizeFault([newest, ...earlier]: readonly BackupManifest[]): readonly Fault[] {
  if (newest === undefined) return [];
  const compared = compareSize(sizeOf(newest), earlier.map(sizeOf));
  if (compared === undefined || compared.verdict === "plausible") return [];
  const word = compared.verdict === "too-small" ? "is too small" : "has a suspicious size";
  return [{
    outcome: compared.verdict,
    finding: `Backup ${newest.runId} ${word}: ${sizeOf(newest)} bytes are ${Math.round(compared.ofMedianPercent)} % of the median of the up to ${SIZES_COMPARED} before it (${compared.medianBytes} bytes). `
      + "Look whether its source has really changed so much.",
  }];
}
