import { manifestKey, runPrefix } from "../../practice/contract/store.ts";
import { listRuns, soundBackups, type StoredSource } from "../store/backups.ts";
import { type InventoryManifest, isInventory, readInventory } from "../store/inventory.ts";
import { NotABackup } from "../store/manifest.ts";

/** A list of copies that the next run builds on. */
export interface Baseline {
  readonly manifest: InventoryManifest;
  readonly manifestKey: string;
}

/**
 * The newest list of copies that can be read whole; nothing where there is none, and then everything is copied. One that
 * is broken is passed over: that it is, the daily check says.
 */
export async function newestList(place: StoredSource, now: Date, signal: AbortSignal): Promise<Baseline | undefined> {
  const { runs } = await listRuns(place);
  for await (const manifest of soundBackups(place, runs, now, () => undefined)) {
    if (!isInventory(manifest)) continue;
    const at = manifestKey(runPrefix(manifest.system, manifest.source, new Date(manifest.scheduledAt)));
    // What may expire is nothing to build on.
    if (await place.store.isSuperseded(at) || !await isWhole(place, manifest, signal)) continue;
    return { manifest, manifestKey: at };
  }
  return undefined;
}

/** Read before it is used: its last line may be the wrong one. */
async function isWhole({ store }: StoredSource, manifest: InventoryManifest, signal: AbortSignal): Promise<boolean> {
  try {
    for await (const entry of readInventory(store, manifest, signal)) void entry;
    return true;
  } catch (error) {
    if (error instanceof NotABackup) return false;
    throw error;
  }
}
