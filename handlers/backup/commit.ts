import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { parseManifest } from "../store/manifest.ts";
import type { Store } from "../store/store.ts";

/**
 * Writes the manifest unless the run has one already. Says whether the run's manifest is ours: a repeated request may
 * find the one that the first request wrote before its answer was lost.
 */
export async function commitManifest(store: Store, key: string, manifest: BackupManifest): Promise<boolean> {
  if (await store.create(key, `${JSON.stringify(manifest, undefined, 2)}\n`)) return true;
  const stored = parseManifest(await store.readText(key), { ...manifest, key });
  return stored.attempt === manifest.attempt;
}
