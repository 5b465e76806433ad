import { randomUUID } from "node:crypto";
import { type BackupJob, runBackup } from "../../handlers/backup/run.ts";
import { dumpOf, type EngineSettings } from "../../handlers/engines/open.ts";
import { listRuns, readManifest, type StoredSource } from "../../handlers/store/backups.ts";
import { NotABackup } from "../../handlers/store/manifest.ts";
import { compareSize, type SizeComparison, sizeOf, SIZES_COMPARED } from "../../handlers/store/size.ts";
import type { Content } from "../../practice/contract/content.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import type { Surroundings } from "../options.ts";
import { accessTo, accessToRepository } from "./access.ts";
import type { DatabaseAddress } from "./address.ts";
import { countedStore } from "./counted-store.ts";
import type { FolderAddress } from "./folder-address.ts";
import { programsFolder } from "./programs.ts";
import type { RepositoryAddress } from "./repository-address.ts";
import { sizeInWords, spanInWords, watched } from "./words.ts";

/** Parts of an upload to a bucket are cut for this size, GiB: the smallest parts, which reach 140 GiB. */
const EXPECTED_GIB = 90;

export interface TakenBackup {
  readonly manifest: BackupManifest;
  /** Against the backups before it; absent while there are few. */
  readonly size?: SizeComparison;
  /** The backup before it, where that is of something else of the same name: each would be taken for the other's newest. */
  readonly unlike?: Origin;
}

/** What a backup was taken of. */
type Origin = Pick<BackupManifest, "runId" | "engine" | "database" | "server">;

export interface ByHand {
  readonly address: DatabaseAddress | RepositoryAddress | FolderAddress;
  readonly place: StoredSource;
  readonly passwordFile?: string;
  /** Default: full. */
  readonly content?: Content;
}

/** Dumps a database or bundles a repository that this machine reaches, or archives a folder of it, by the same code as a function in the cloud. */
export async function dumpByHand({ address, place, passwordFile, content = "full" }: ByHand, { environment, now, live }: Surroundings): Promise<TakenBackup> {
  const { engine, database } = address;
  const way = await wayInto(address, passwordFile, environment);
  const tools = programsFolder(engine, "dump", environment);
  const { store, bytes } = countedStore(place.store);
  const job: BackupJob = { system: place.system, stack: place.stack, source: place.source, engine, database, sizeGiB: EXPECTED_GIB, scheduledAt: now };
  const { manifestKey } = await watched(live, (seconds) => `dumping ${database}: ${sizeInWords(bytes())} stored in ${spanInWords(Math.round(seconds))}`, () => runBackup(job, {
    store,
    openDump: dumpOf({ engine, database, tools, content, ...way }),
    now: () => new Date(),
    attempt: randomUUID(),
    signal: live.interruption(),
  }));
  const manifest = await readManifest(place, manifestKey);
  const earlier = await earlierManifests(place, manifest.runId);
  const size = compareSize(sizeOf(manifest), earlier.map(sizeOf));
  const unlike = earlier.slice(0, 1).find((before) => isOfSomethingElse(before, manifest));
  return { manifest, ...(size === undefined ? {} : { size }), ...(unlike === undefined ? {} : { unlike }) };
}

async function wayInto(address: ByHand["address"], passwordFile: string | undefined, environment: Surroundings["environment"]): Promise<Pick<EngineSettings, "credentials" | "access">> {
  if (address.engine === "files") return { credentials: () => Promise.reject(new Error("Expected a database, a folder is read by whoever runs this.")) };
  if (address.engine !== "repository") {
    const credentials = await accessTo(address, passwordFile, environment);
    return { credentials: () => Promise.resolve(credentials) };
  }
  const access = await accessToRepository(address, passwordFile);
  return { access: () => Promise.resolve(access), credentials: () => Promise.reject(new Error("Expected a database, a repository has its own way in.")) };
}

/** Two ports of one host, or two folders of one last name, have the same names in a store. A Redis has a new id after each start. */
function isOfSomethingElse(before: Origin, one: Origin): boolean {
  if (before.engine !== one.engine || before.database !== one.database) return true;
  const [first, second] = [before.server?.id, one.server?.id];
  return one.engine !== "redis" && first !== undefined && second !== undefined && first !== second;
}

export const earlierSizes = async (place: StoredSource, runId: string): Promise<readonly number[]> => (await earlierManifests(place, runId)).map(sizeOf);

/** By their manifests alone: to read every dump of a week again takes longer than the backup. */
async function earlierManifests(place: StoredSource, runId: string): Promise<readonly BackupManifest[]> {
  const manifests: BackupManifest[] = [];
  for (const run of (await listRuns(place)).runs) {
    if (run.runId >= runId || run.manifestKey === undefined) continue;
    try {
      manifests.push(await readManifest(place, run.manifestKey));
    } catch (error) {
      if (!(error instanceof NotABackup)) throw error;
    }
    if (manifests.length === SIZES_COMPARED) break;
  }
  return manifests;
}
