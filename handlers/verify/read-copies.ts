import { crc32 } from "node:zlib";
import { inventoryHashedBy, type InventoryEntry, inventoryPart } from "../../practice/contract/inventory.ts";
import type { Contents } from "../../practice/contract/manifest.ts";
import { NotDecodable } from "../engines/decode.ts";
import type { StoredSource } from "../store/backups.ts";
import { listChecks } from "../store/evidence.ts";
import { entryOf, type InventoryManifest, InventoryTotals, readInventory, unpackedLines } from "../store/inventory.ts";
import { sideBySide } from "../store/side-by-side.ts";
import type { Store } from "../store/store.ts";
import { compareContents } from "./compare.ts";
import { readWhole } from "./read-whole.ts";
import { failure, type Fault } from "./verdict.ts";

export interface ReadCopiesPorts {
  readonly signal: AbortSignal;
  /** How much one check reads. Default: 20 GiB and 20,000 copies, as much as a function of 15 minutes reads with room to spare. */
  readonly share?: Share;
}

interface Share {
  readonly bytes: number;
  readonly copies: number;
}

const SHARE: Share = { bytes: 20 * 1024 ** 3, copies: 20_000 };

/** Copies that are read at one time. */
const AT_ONCE = 16;

export interface ReadCopies {
  readonly faults: readonly Fault[];
  /** In words: what was read, and what of the rest another check reads. */
  readonly extent?: string;
}

/**
 * Reads a list of copies whole, and of the copies as many as a check has time for: another share each time, until all
 * have had their turn. A copy's share is chosen by its name, so it stays in its turn when others come and go.
 */
export async function readCopies(place: StoredSource, manifest: InventoryManifest, { signal, share = SHARE }: ReadCopiesPorts): Promise<ReadCopies> {
  const { result, fault } = await readWhole(place.store, manifest.object, signal, (dump) => decodeInventory(dump, signal));
  if (fault !== undefined) return { faults: [fault] };
  const { faults } = compareContents(manifest, result);
  if (faults.length > 0) return { faults };

  const { objects, bytes } = manifest.inventory;
  const shares = Math.max(1, Math.ceil(bytes / share.bytes), Math.ceil(objects / share.copies));
  const { checks } = await listChecks(place.store, place.system, place.source);
  const turn = checks.filter(({ level }) => level === "decode").length % shares;
  const due: InventoryEntry[] = [];
  const tooLarge: InventoryEntry[] = [];
  for await (const entry of readInventory(place.store, manifest, signal)) {
    if (entry.bytes > share.bytes) tooLarge.push(entry);
    else if (turnOf(entry, shares) === turn) due.push(entry);
  }
  const found = await sideBySide(due, AT_ONCE, signal, (entry, _, stop) => faultIn(place.store, manifest, entry, stop));
  return { faults: found.flatMap((one) => (one === undefined ? [] : [one])), extent: extentOf(manifest, { due, tooLarge, turn, shares }) };
}

/** The list itself, as far as it can be judged without the store. */
async function decodeInventory(dump: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<Partial<Contents>> {
  const totals = new InventoryTotals();
  let unreadable: { readonly error: unknown } | undefined;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* dump;
    } catch (error) {
      unreadable = { error };
      throw error;
    }
  }
  try {
    for await (const line of unpackedLines(watched())) totals.add(entryOf(line, totals.objects + 1), line);
  } catch (error) {
    signal.throwIfAborted();
    if (unreadable !== undefined) throw unreadable.error;
    throw new NotDecodable(`Expected a whole list of copies, it cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return { counts: { [inventoryPart]: totals.objects }, hashes: { [inventoryPart]: totals.hashes().contents }, hashedBy: inventoryHashedBy };
}

/** Names of copies are hashes: their first digits are as good as chance. */
const turnOf = ({ copy }: InventoryEntry, shares: number): number => Number.parseInt(copy.slice(copy.lastIndexOf("/") + 1).slice(0, 8), 16) % shares;

/** Undefined where the bytes of the copy are those that S3 copied. */
async function faultIn(store: Store, { runId }: InventoryManifest, { key, copy, bytes, crc32: expected }: InventoryEntry, signal: AbortSignal): Promise<Fault | undefined> {
  const named = `${store.addressOf(copy)}, the copy of ${JSON.stringify(key)} in backup ${runId}`;
  let crc = 0;
  let read = 0;
  try {
    for await (const chunk of store.read(copy, "", signal)) {
      crc = crc32(chunk, crc);
      read += chunk.length;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (await store.facts(copy) === undefined) return { outcome: "missing", finding: `Expected ${named}, there is no such object.` };
    return { outcome: "failed", finding: `Expected to read all of ${named}, the store broke off: ${failure(error).finding}` };
  }
  const came = Buffer.alloc(4);
  came.writeUInt32BE(crc);
  if (read === bytes && came.toString("base64") === expected) return undefined;
  return { outcome: "corrupted", finding: `Expected the ${bytes} bytes of ${named}, to have the CRC32 ${expected}, ${read} were read with ${came.toString("base64")}: they are not those that were copied.` };
}

function extentOf({ inventory }: InventoryManifest, { due, tooLarge, turn, shares }: { readonly due: readonly InventoryEntry[]; readonly tooLarge: readonly InventoryEntry[]; readonly turn: number; readonly shares: number }): string {
  const read = due.reduce((sum, { bytes }) => sum + bytes, 0);
  return `The list was read whole, and ${due.length} of its ${inventory.objects} copies: ${read} of ${inventory.bytes} bytes`
    + (shares === 1 ? "." : `, share ${turn + 1} of ${shares}; each check reads the next one.`)
    + (tooLarge.length === 0 ? "" : ` ${tooLarge.length} larger than a share are never read: what S3 says of them has to do.`);
}
