import type { Sdk, Store } from "./sdk.ts";

/** Where the SDK keeps the state of a program that no asynchronous context surrounds. */
const place = globalThis as { globalStore?: Store };

/**
 * Runs `work`, which says whether the program came to its end, with the SDK's state to itself. The SDK can keep one for each
 * asynchronous context, but Node 20 then follows every promise of the process, which is a tenth of a preview: so the first run
 * of a process takes the place that is there anyway, and each later one has a context. A program that was given up may still
 * go on, so it keeps the place; after another there is nothing of it left but the classes that providers told of themselves.
 */
export async function withOwnStore({ store }: Sdk, work: () => Promise<boolean>): Promise<void> {
  if (place.globalStore !== undefined) {
    await store.withLocalStorage(work);
    return;
  }
  const own = new store.LocalStore();
  place.globalStore = own;
  if (!await work()) return;
  const { resourceModules, resourcePackages } = own;
  place.globalStore = Object.assign(new store.LocalStore(), { resourceModules, resourcePackages });
}
