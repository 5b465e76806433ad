import type { StoredSource } from "../store/backups.ts";
import { eachCopy } from "../store/copy-listing.ts";
import { type InventoryManifest, readInventory } from "../store/inventory.ts";
import { NotABackup } from "../store/manifest.ts";
import type { Store } from "../store/store.ts";
import { type Fault, faultOf } from "./verdict.ts";

/** Faults that are named; of a million copies each may have one. */
const NAMED_FAULTS = 10;

interface Copy {
  readonly bytes: number;
  readonly etag: string;
}

/**
 * Holds every copy of a backup's list against what a store says of it. Asks by pages of a thousand: only a copy whose
 * ETag is another than its list says is asked for by itself, because only its checksum then says whether it was made
 * again or written over. In another region each copy has an ETag of its own, and there its size has to do.
 */
export async function faultsOfCopies(place: StoredSource, manifest: InventoryManifest, signal: AbortSignal, replica?: Store): Promise<readonly Fault[]> {
  const store = replica ?? place.store;
  const copies = new Map<string, Copy>();
  await eachCopy(store, place.system, place.source, signal, ({ key, bytes, etag = "" }) => void copies.set(key, { bytes, etag }));

  const faults: Fault[] = [];
  let more = 0;
  const tell = (fault: Fault): void => void (faults.length < NAMED_FAULTS ? faults.push(fault) : more += 1);
  try {
    for await (const { key, copy, bytes, crc32, copyEtag } of readInventory(place.store, manifest, signal)) {
      const there = copies.get(copy);
      const named = `${store.addressOf(copy)}, the copy of ${JSON.stringify(key)} in backup ${manifest.runId}`;
      if (there === undefined) tell({ outcome: "missing", finding: `Expected ${named}, there is no such object.` });
      else if (there.bytes !== bytes) tell({ outcome: "corrupted", finding: `Expected ${named}, to have ${bytes} bytes, it has ${there.bytes}.` });
      else if (replica === undefined && there.etag !== copyEtag) {
        const facts = await store.facts(copy);
        if (facts?.crc32 !== crc32) tell({ outcome: "corrupted", finding: `Expected ${named}, to have the CRC32 ${crc32}, it has ${facts?.crc32 ?? "none"}: somebody has written over it.` });
      }
    }
  } catch (error) {
    if (!(error instanceof NotABackup)) throw error;
    return [...faults, faultOf(error)];
  }
  if (more > 0) faults.push({ outcome: faults.some(({ outcome }) => outcome === "corrupted") ? "corrupted" : "missing", finding: `${more} more copies are missing or not what they were.` });
  return faults;
}
