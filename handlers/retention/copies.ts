import { copiesPrefix } from "../../practice/contract/store.ts";
import { readManifest, type StoredRun, type StoredSource } from "../store/backups.ts";
import { eachCopy } from "../store/copy-listing.ts";
import { isInventory, readInventory } from "../store/inventory.ts";
import { sideBySide } from "../store/side-by-side.ts";
import type { Store } from "../store/store.ts";

export interface CopiesPorts {
  readonly store: Store;
  readonly replica?: Store;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  /** Copies that one run marks. Default: 20,000, a minute or two of requests. The next run marks the rest. */
  readonly most?: number;
}

/**
 * A copy that is younger may be of a run that has no manifest yet: a run ends within 20 hours, and makes anew what is
 * older than a day and in no list that it builds on.
 */
const LEFT_ALONE_MILLISECONDS = 2 * 86_400_000;

const MOST = 20_000;
const AT_ONCE = 16;

/**
 * Lets copies expire that no list in the store names, and that no run can be about to name. Every list counts whose
 * manifest was there before the copies were listed, marked or not: a backup that is on its way out still has its copies
 * until it is gone. A list that cannot be read stops it all. Gives the number of copies that were marked.
 */
export async function markUnlisted(place: StoredSource, runs: readonly StoredRun[], { store, replica, now, signal, most = MOST }: CopiesPorts): Promise<number> {
  if (!await hasCopies(place)) return 0;
  const before = now().getTime() - LEFT_ALONE_MILLISECONDS;
  const old = new Set<string>();
  await eachCopy(store, place.system, place.source, signal, ({ key, modifiedAt }) => {
    if (modifiedAt !== undefined && modifiedAt.getTime() <= before) old.add(key);
  });
  if (old.size === 0) return 0;
  // Newer lists name most copies: of the older ones little is left to be looked for.
  for (const { manifestKey } of runs) if (manifestKey !== undefined) await takeOutListed(place, manifestKey, old, signal);

  const marked = await sideBySide(inTurn([...old], most, now()), AT_ONCE, signal, async (key) => {
    if (replica !== undefined) await markVersion(replica, key, before);
    return markVersion(store, key, before);
  });
  return marked.filter(Boolean).length;
}

async function hasCopies({ store, system, source }: StoredSource): Promise<boolean> {
  const first = await store.list(copiesPrefix(system, source))[Symbol.asyncIterator]().next();
  return first.done !== true;
}

async function takeOutListed(place: StoredSource, manifestKey: string, copies: Set<string>, signal: AbortSignal): Promise<void> {
  try {
    const manifest = await readManifest(place, manifestKey);
    if (!isInventory(manifest)) return;
    for await (const { copy } of readInventory(place.store, manifest, signal)) copies.delete(copy);
  } catch (error) {
    signal.throwIfAborted();
    // Lifecycle takes the list and the manifest of one backup on different days.
    if (await place.store.isSuperseded(manifestKey)) return;
    throw new Error(`Expected to read every list of copies before any copy may expire, one cannot be read: ${error instanceof Error ? error.message : String(error)} No copy was marked.`, { cause: error });
  }
}

/** What was marked is still listed until lifecycle comes by: each run begins elsewhere, so that all have their turn. */
function inTurn(copies: readonly string[], most: number, now: Date): readonly string[] {
  if (copies.length <= most) return copies;
  const first = (Math.floor(now.getTime() / 3_600_000) * most) % copies.length;
  return [...copies.slice(first), ...copies.slice(0, first)].slice(0, most);
}

/** Only the version that was seen to be old: one that a run has made since is another. */
async function markVersion(store: Store, key: string, before: number): Promise<boolean> {
  const facts = await store.facts(key);
  if (facts?.modifiedAt === undefined || facts.modifiedAt.getTime() > before) return false;
  return store.markSuperseded(key, facts.versionId);
}
