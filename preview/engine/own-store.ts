import type { Sdk, Store } from "./sdk.ts";

/** Where the SDK keeps the state of a program that no asynchronous context surrounds. */
const place = globalThis as { globalStore?: Store };

/**
 * Runs `work` with the SDK's state to itself. The SDK can keep one for each asynchronous context, but Node 20 then follows
 * every promise of the process, which is a tenth of a preview: so the first run of a process takes the place that is there
 * anyway. It keeps it, since a program that was given up may still go on; each later run has a context of its own.
 */
export function withOwnStore({ store }: Sdk, work: () => Promise<void>): Promise<void> {
  if (place.globalStore !== undefined) return store.withLocalStorage(work);
  place.globalStore = new store.LocalStore();
  return work();
}
