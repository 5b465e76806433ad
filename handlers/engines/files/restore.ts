import type { InventoryEntry } from "../../../practice/contract/inventory.ts";
import { inventoryHashedBy, inventoryPart } from "../../../practice/contract/inventory.ts";
import { entryOf, InventoryTotals, unpackedLines } from "../../store/inventory.ts";
import { sideBySide } from "../../store/side-by-side.ts";
import { NotATarget, type OpenTarget } from "../restore.ts";

/** A folder or a bucket that objects are restored into. */
export interface FilesPlace {
  readonly name: string;
  /** Why nothing may be written there, where somebody's files are or the source is; undefined where it is empty and nobody's. */
  readonly refusal: (source: string) => Promise<string | undefined>;
  /** Writes one object and never over another. False where the place cannot hold its key beside the others. Fails unless its bytes are those of the list. */
  readonly put: (entry: InventoryEntry, signal: AbortSignal) => Promise<boolean>;
  /** What is there now, read or asked for anew, in the order of the keys. */
  readonly contents: (signal: AbortSignal) => AsyncIterable<Pick<InventoryEntry, "key" | "bytes" | "crc32">>;
}

/** Objects under way at one time. */
const AT_ONCE = 16;

/** Restores a list of copies: the list is the dump, and the place fetches each copy that it names. */
export const openFilesTarget = (place: FilesPlace): OpenTarget => (signal) => Promise.resolve({
  name: place.name,
  prove: async (_purpose, { database }) => {
    const refusal = await place.refusal(database);
    if (refusal !== undefined) throw new NotATarget(refusal);
  },
  load: async (dump) => {
    const unheld: string[] = [];
    let number = 0;
    for await (const entries of inGroups(dump)) {
      const held = await sideBySide(entries, AT_ONCE, signal, (line, index, stop) => place.put(entryOf(line, number + index + 1), stop));
      unheld.push(...entries.filter((_, index) => held[index] === false));
      number += entries.length;
    }
    if (unheld.length === 0) return;
    throw new Error(`Expected ${place.name} to hold every key, ${unheld.length} of ${number} cannot be files beside the others; the first: ${JSON.stringify(entryOf(unheld[0] ?? "", 1).key)}. All others were restored. A bucket holds them: restore into an empty one, --into s3://<bucket>.`);
  },
  contents: async () => {
    const totals = new InventoryTotals();
    for await (const { key, bytes, crc32 } of place.contents(signal)) totals.add({ key, bytes, crc32, versionId: "", etag: "", copy: "", copyEtag: "" }, "");
    return { counts: { [inventoryPart]: totals.objects }, hashes: { [inventoryPart]: totals.hashes().contents }, hashedBy: inventoryHashedBy };
  },
  ask: () => Promise.reject(new Error("Expected a database to ask, files answer no question.")),
  close: () => Promise.resolve(),
});

/** As many lines as keep every request busy, and no list in memory. */
async function* inGroups(dump: AsyncIterable<Uint8Array>): AsyncGenerator<readonly string[]> {
  let group: string[] = [];
  for await (const line of unpackedLines(dump)) {
    group.push(line);
    if (group.length < 64 * AT_ONCE) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
