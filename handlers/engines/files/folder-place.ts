import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readdir, stat, unlink } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve, sep } from "node:path";
import { pipeline } from "node:stream/promises";
import { crc32 } from "node:zlib";
import type { InventoryEntry } from "../../../practice/contract/inventory.ts";
import { codeOf } from "../../store/folder/keys.ts";
import { compareKeys } from "../../store/inventory.ts";
import type { Store } from "../../store/store.ts";
import type { FilesPlace } from "./restore.ts";
import { isWithin } from "./within.ts";

/** What a file system says to a name that it cannot have beside the others. */
const UNHELD = new Set(["EEXIST", "ENOTDIR", "EISDIR", "ENAMETOOLONG", "EINVAL"]);

/** An empty folder, or one that is yet to be made. */
export function folderPlace(folder: string, store: Store): FilesPlace {
  const root = resolve(folder);
  const written: string[] = [];
  return {
    name: root,
    refusal: async () => {
      // A bucket's name is no path.
      if (isAbsolute(store.name) && await isWithin(root, store.name)) return `Expected a folder outside the store ${store.name}, got ${root}.`;
      const there = await entriesOf(root);
      return there.length === 0 ? undefined : `Expected an empty folder, or one that is not there yet, ${root} has ${there.length} entries: nothing is ever restored over anything. Name another.`;
    },
    put: async (entry, signal) => {
      const path = pathOf(root, entry.key);
      if (path === undefined) return false;
      try {
        if (entry.key.endsWith("/")) {
          if (entry.bytes > 0) return false;
          await mkdir(path, { recursive: true });
        } else {
          await mkdir(dirname(path), { recursive: true });
          await fetchTo(path, entry, store, signal);
        }
      } catch (error) {
        if (UNHELD.has(codeOf(error) ?? "")) return false;
        throw error;
      }
      written.push(entry.key);
      return true;
    },
    contents: async function* contents(signal) {
      for (const key of written.toSorted(compareKeys)) {
        signal.throwIfAborted();
        const path = join(root, key);
        const found = key.endsWith("/") ? { bytes: (await stat(path)).isDirectory() ? 0 : -1, crc32: base64Of(0) } : await measure(path);
        yield { key, ...found };
      }
    },
  };
}

/** Undefined for a key that is no path below the folder: `a//b` and `a/./b` are `a/b` to a file system. */
function pathOf(root: string, key: string): string | undefined {
  const parts = key.replace(/\/$/, "").split("/");
  return parts.some((part) => part === "" || part === "." || part === ".." || part.includes("\0") || (sep === "\\" && part.includes(sep))) ? undefined : join(root, ...parts);
}

async function fetchTo(path: string, { key, copy, bytes, crc32: expected }: InventoryEntry, store: Store, signal: AbortSignal): Promise<void> {
  let crc = 0;
  let read = 0;
  async function* watched(): AsyncGenerator<Uint8Array> {
    for await (const chunk of store.read(copy, "", signal)) {
      crc = crc32(chunk, crc);
      read += chunk.length;
      yield chunk;
    }
  }
  // Never over a file that is there.
  await pipeline(watched(), createWriteStream(path, { flags: "wx" }), { signal });
  if (read === bytes && base64Of(crc) === expected) return;
  await unlink(path);
  throw new Error(`Expected the ${bytes} bytes of ${store.addressOf(copy)}, the copy of ${JSON.stringify(key)}, to have the CRC32 ${expected}, ${read} came with ${base64Of(crc)}. Choose an earlier backup with --at.`);
}

async function measure(path: string): Promise<{ readonly bytes: number; readonly crc32: string }> {
  let crc = 0;
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    crc = crc32(chunk, crc);
    bytes += chunk.length;
  }
  return { bytes, crc32: base64Of(crc) };
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

function base64Of(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString("base64");
}
