import { createHash } from "node:crypto";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import * as z from "zod/mini";
import { copyKey, type InventoryEntry, type InventorySummary } from "../../practice/contract/inventory.ts";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { linesOf } from "../engines/packed-lines.ts";
import { NotABackup } from "./manifest.ts";
import type { Store } from "./store.ts";

/** A version of an object of the bucket that is backed up. */
export type SourceVersion = Pick<InventoryEntry, "key" | "versionId" | "etag" | "bytes">;

const entryShape: z.ZodMiniType<InventoryEntry> = z.looseObject({
  key: z.string().check(z.minLength(1)),
  versionId: z.string(),
  etag: z.string(),
  bytes: z.int().check(z.nonnegative()),
  crc32: z.string().check(z.minLength(1)),
  copy: z.string().check(z.minLength(1)),
  copyEtag: z.string(),
});

/** Where the copy of a version lies: another version, or another content under the same key, lies elsewhere. */
export function copyOf({ system, source }: { readonly system: string; readonly source: string }, bucket: string, { key, versionId, etag, bytes }: SourceVersion): string {
  return copyKey(system, source, createHash("sha256").update(JSON.stringify([bucket, key, versionId, etag, bytes])).digest("hex"));
}

/** S3's order of keys: of their UTF-8 bytes, which is not that of JavaScript's strings. */
export const compareKeys = (one: string, other: string): number => (one === other ? 0 : Buffer.compare(Buffer.from(one), Buffer.from(other)));

/** One line, without its end. */
export const lineOf = ({ key, versionId, etag, bytes, crc32, copy, copyEtag }: InventoryEntry): string =>
  JSON.stringify({ key, versionId, etag, bytes, crc32, copy, copyEtag });

/** Reads a line. Throws when it is none. */
export function entryOf(line: string, number: number): InventoryEntry {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`Expected line ${number} of a list of copies to be JSON, it is not.`, { cause: error });
  }
  const result = entryShape.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`Expected line ${number} of a list of copies to name an object and its copy, these parts of it are wrong: ${result.error.issues.map(({ path }) => path.join(".")).join(", ")}.`);
}

/** Compressed lines, one after the other, as whoever reads them asks for them. */
export async function* unpackedLines(source: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const unpacked = createGunzip();
  const feeding = pipeline(source, unpacked);
  // The loop throws the same failure first; unheard, this one would end the process.
  feeding.catch(() => undefined);
  try {
    yield* linesOf(unpacked);
    await feeding;
  } finally {
    unpacked.destroy();
  }
}

/** What a list adds up to, told while its lines pass by; refuses lines that are not in the order of the keys. */
export class InventoryTotals {
  readonly #lines = createHash("sha256");
  readonly #contents = createHash("sha256");
  #last: string | undefined;
  objects = 0;
  bytes = 0;

  add(entry: InventoryEntry, line: string): void {
    const { key, bytes, crc32 } = entry;
    if (this.#last !== undefined && compareKeys(this.#last, key) >= 0) throw new Error(`Expected each key of a list of copies after the one before it, got ${JSON.stringify(key)} after ${JSON.stringify(this.#last)}.`);
    this.#last = key;
    this.objects += 1;
    this.bytes += bytes;
    this.#lines.update(line).update("\n");
    this.#contents.update(JSON.stringify([key, bytes, crc32])).update("\n");
  }

  /** Call it once, at the end. `contents`: of what a restore has to bring back, wherever the copies lie. */
  hashes(): { readonly lines: string; readonly contents: string } {
    return { lines: this.#lines.digest("hex"), contents: this.#contents.digest("hex") };
  }
}

/** A backup that is a list of copies. */
export type InventoryManifest = BackupManifest & { readonly inventory: InventorySummary };

export const isInventory = (manifest: BackupManifest): manifest is InventoryManifest => manifest.inventory !== undefined;

/**
 * The lines of a backup's list, in the order of the keys. Fails at the end, or before, with `NotABackup` unless they are
 * those that its manifest speaks of; a store that does not answer fails with its own error.
 */
export async function* readInventory({ read }: Pick<Store, "read">, { object, inventory }: InventoryManifest, signal: AbortSignal): AsyncGenerator<InventoryEntry> {
  let unreadable: { readonly error: unknown } | undefined;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* read(object.key, object.versionId, signal);
    } catch (error) {
      unreadable = { error };
      throw error;
    }
  }
  const totals = new InventoryTotals();
  const lines = unpackedLines(watched());
  const next = async (): Promise<InventoryEntry | undefined> => {
    try {
      const line = await lines.next();
      if (line.done === true) return undefined;
      const entry = entryOf(line.value, totals.objects + 1);
      totals.add(entry, line.value);
      return entry;
    } catch (error) {
      signal.throwIfAborted();
      if (unreadable !== undefined) throw unreadable.error;
      throw new NotABackup(`Expected ${object.key} to be a whole list of copies, it cannot be read: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  };
  try {
    for (let entry = await next(); entry !== undefined; entry = await next()) yield entry;
  } finally {
    await lines.return(undefined);
  }
  const { lines: sha256 } = totals.hashes();
  if (sha256 !== inventory.sha256 || totals.objects !== inventory.objects) {
    throw new NotABackup(`Expected ${object.key} to list the ${inventory.objects} copies that its manifest counts, with the SHA-256 ${inventory.sha256}, it lists ${totals.objects} with ${sha256}.`);
  }
}
