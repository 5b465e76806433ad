import { randomUUID } from "node:crypto";
import { type FileHandle, link, mkdir, open, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { interruptible } from "../interruptible.ts";
import type { NewObject } from "../store.ts";
import { fill } from "./fill.ts";
import { codeOf, expectInside, isPart, partNameOf, pathOf } from "./keys.ts";
import { filesUnder } from "./objects.ts";

/** Dumps hold what databases hold: nobody else on the machine may read them. */
const OWNER_ONLY = { file: 0o600, folder: 0o700 } as const;

/** Hours without a byte after which a part belongs to nobody: a killed process could not remove it. */
const ABANDONED_HOURS = 24;

/** How a file system answers that has no hard links: FAT on a stick, some network shares. */
const NO_LINKS: readonly (string | undefined)[] = ["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK"];

/** Stores a stream as one file, or nothing: it appears under its key when all of it is on the disk. */
export async function writeObject(root: string, { key, body, signal }: NewObject): Promise<void> {
  await removeAbandoned(root);
  await placing(root, key, interruptible(body, signal), async (part, path) => {
    signal.throwIfAborted();
    await rename(part, path);
    return true;
  });
}

/** Writes a text unless the key is taken: false then. Of two writers, in whatever processes, one succeeds. */
export const createObject = (root: string, key: string, text: string): Promise<boolean> =>
  placing(root, key, [Buffer.from(text)], async (part, path) => {
    try {
      await link(part, path);
      await rm(part);
      return true;
    } catch (error) {
      if (codeOf(error) === "EEXIST") return false;
      if (!NO_LINKS.includes(codeOf(error))) throw error;
      return createInPlace(path, text);
    }
  });

/** Without links the name is taken first and filled then; a crash in between leaves a text that is no manifest. */
async function createInPlace(path: string, text: string): Promise<boolean> {
  let file: FileHandle;
  try {
    file = await open(path, "wx", OWNER_ONLY.file);
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
  try {
    await file.writeFile(text);
    await file.sync();
    return true;
  } catch (error) {
    await rm(path, { force: true });
    throw error;
  } finally {
    await file.close();
  }
}

/** Fills a part beside the object's place and lets `place` put it there. The part is gone however this ends. */
async function placing(
  root: string, key: string, body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, place: (part: string, path: string) => Promise<boolean>,
): Promise<boolean> {
  const path = pathOf(root, key);
  const folder = dirname(path);
  const part = join(folder, partNameOf(randomUUID()));
  try {
    await expectInside(root, path);
    const made = await mkdir(folder, { recursive: true, mode: OWNER_ONLY.folder });
    const file = await open(part, "wx", OWNER_ONLY.file);
    try {
      await fill(file, body);
    } finally {
      await file.close();
    }
    const placed = await place(part, path);
    await syncFolders(folder, made === undefined ? folder : dirname(made));
    return placed;
  } catch (error) {
    throw inWords(error, key, root);
  } finally {
    await rm(part, { force: true });
  }
}

/** A name that is not synced may be gone after a power cut, its bytes still there. */
async function syncFolders(first: string, last: string): Promise<void> {
  for (let folder = first; ; folder = dirname(folder)) {
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } catch (error) {
      // Some network shares cannot; their servers sync by themselves.
      if (codeOf(error) !== "EINVAL") throw error;
    } finally {
      await handle.close();
    }
    if (folder === last || dirname(folder) === folder) return;
  }
}

/** Looks at the whole store: what a killed process began lies in the folder of its own run, which no later one enters. */
async function removeAbandoned(root: string): Promise<void> {
  const oldest = Date.now() - ABANDONED_HOURS * 3_600_000;
  for await (const path of filesUnder(root)) {
    if (isPart(basename(path)) && (await stat(path)).mtimeMs < oldest) await rm(path, { force: true });
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full. Make room there, or name a store on another disk",
  EDQUOT: "your quota on that disk is used up. Make room there, or name a store on another disk",
  // FAT, on which many a stick comes, ends at 4 GiB.
  EFBIG: "that disk takes no file that large. Name a store on another one",
  EROFS: "that disk can only be read. Name a store on another one",
  EACCES: "you may not write there. Name a folder that is yours",
};

/** The system's own words name a temporary file that is gone by now. */
function inWords(error: unknown, key: string, root: string): unknown {
  const reason = reasons[codeOf(error) ?? ""];
  return reason === undefined ? error : new Error(`Expected to write ${key} into ${root}, ${reason}; nothing of it was kept.`, { cause: error });
}
