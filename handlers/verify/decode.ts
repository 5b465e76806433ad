import type { Decode } from "../engines/decode.ts";
import type { StoredSource } from "../store/backups.ts";
import { isInventory } from "../store/inventory.ts";
import { compareContents } from "./compare.ts";
import { newestBackup } from "./newest.ts";
import { readWhole } from "./read-whole.ts";
import { readCopies } from "./read-copies.ts";
import { findingsOf, outcomeOf, type Verdict } from "./verdict.ts";

export interface DecodePorts {
  readonly decode: Decode;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Reads the newest backup whole: its SHA-256, its format, and its contents where the format tells them; of a list of copies, the list and a share of them. */
export async function checkDecode(place: StoredSource, { decode, now, signal }: DecodePorts): Promise<Verdict> {
  const { backup, faults } = await newestBackup(place, now());
  if (backup === undefined) return { outcome: outcomeOf(faults, "verified"), findings: findingsOf(faults) };
  if (isInventory(backup)) {
    const { faults: ofCopies, extent } = await readCopies(place, backup, { signal });
    const all = [...faults, ...ofCopies];
    return { outcome: outcomeOf(all, "verified"), findings: findingsOf(all), backup, ...(extent === undefined ? {} : { extent }) };
  }
  const { result, fault } = await readWhole(place.store, backup.object, signal, (dump) => decode(dump, signal));
  const all = [...faults, ...(fault === undefined ? compareContents(backup, result).faults : [fault])];
  return { outcome: outcomeOf(all, "verified"), findings: findingsOf(all), backup };
}
