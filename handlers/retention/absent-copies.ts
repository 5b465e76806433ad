import { eachCopy } from "../store/copy-listing.ts";
import { type InventoryManifest, readInventory } from "../store/inventory.ts";
import { NotABackup } from "../store/manifest.ts";
import type { Store } from "../store/store.ts";

/** Copies of a list that a region does not hold with their size: while there are any, the list stands in for nothing there. */
export async function absentCopies(store: Store, region: Store, backup: InventoryManifest, signal: AbortSignal): Promise<number> {
  const sizes = new Map<string, number>();
  await eachCopy(region, backup.system, backup.source, signal, ({ key, bytes }) => void sizes.set(key, bytes));
  let absent = 0;
  try {
    for await (const { copy, bytes } of readInventory(store, backup, signal)) if (sizes.get(copy) !== bytes) absent += 1;
  } catch (error) {
    if (!(error instanceof NotABackup)) throw error;
    return backup.inventory.objects;
  }
  return absent;
}
