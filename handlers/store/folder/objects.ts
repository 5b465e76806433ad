import { constants } from "node:fs";
import { access, lstat, open, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { crc32 } from "node:zlib";
import { interruptible } from "../interruptible.ts";
import type { ListedObject, ObjectFacts } from "../store.ts";
import { codeOf, expectInside, isMarker, isPart, keyOf, pathOf, supersededEnding } from "./keys.ts";

/** Bytes of one read: larger ones are no faster. */
const CHUNK_BYTES = 1024 * 1024;

/** A manifest is a few kilobytes; a text that is much longer is not one and must not fill the memory. */
const TEXT_LIMIT_BYTES = 8 * 1024 * 1024;

/** Every object under a prefix, in the order of the keys; from the first after a key where one is given. */
export async function listObjects(root: string, prefix: string, after?: string): Promise<readonly ListedObject[]> {
  const found: ListedObject[] = [];
  for await (const path of filesUnder(root)) {
    const key = keyOf(root, path);
    if (key.startsWith(prefix) && !isPart(basename(path)) && !isMarker(path)) found.push({ key, bytes: (await lstat(path)).size });
  }
  // S3 orders keys by their UTF-8 bytes, and a walk through folders does not: `a-b` goes before `a/b`.
  const sorted = found.toSorted((one, other) => Buffer.compare(Buffer.from(one.key), Buffer.from(other.key)));
  return after === undefined ? sorted : sorted.filter(({ key }) => Buffer.compare(Buffer.from(key), Buffer.from(after)) > 0);
}

/** Every file of a folder and those below it. Links are followed nowhere: what is behind one is not in the store. */
export async function* filesUnder(folder: string): AsyncGenerator<string> {
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesUnder(path);
    else if (entry.isFile()) yield path;
  }
}

async function entriesOf(folder: string) {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // It has not been written to yet, or was removed since its parent was read.
    if (codeOf(error) === "ENOENT") return [];
    throw error;
  }
}

/** A disk keeps no checksums: every byte is read for it. Undefined when there is no such object. */
export async function factsOf(root: string, key: string): Promise<ObjectFacts | undefined> {
  let crc = 0;
  let bytes = 0;
  try {
    for await (const chunk of chunksOf(root, key)) {
      crc = crc32(chunk, crc);
      bytes += chunk.length;
    }
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc);
  return { bytes, crc32: checksum.toString("base64") };
}

export async function readText(root: string, key: string): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunksOf(root, key)) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > TEXT_LIMIT_BYTES) throw new Error(`Expected ${join(root, key)} to be at most ${TEXT_LIMIT_BYTES} bytes, it is longer.`);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** The bytes of an object as they come. Fails when they end before the size that the file had at first. */
export async function* readObject(root: string, key: string, versionId: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  if (versionId !== "") throw new Error(`Expected no version of ${key}, got ${versionId}: a folder keeps one of each object.`);
  yield* interruptible(chunksOf(root, key), signal);
}

async function* chunksOf(root: string, key: string): AsyncGenerator<Uint8Array> {
  const path = pathOf(root, key);
  await expectInside(root, path);
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    const { size } = await file.stat();
    // A buffer of its own for each chunk: the reader may still hold the one before.
    const readFrom = (at: number) => file.read(Buffer.allocUnsafe(CHUNK_BYTES), 0, CHUNK_BYTES, at);
    let position = 0;
    for (let ahead = readFrom(0); ;) {
      const { bytesRead, buffer } = await ahead;
      if (bytesRead === 0) break;
      position += bytesRead;
      // The disk works while the reader does. If he does not come back, closing waits for it, and nobody asks how it ended.
      ahead = readFrom(position);
      ahead.catch(() => undefined);
      yield buffer.subarray(0, bytesRead);
    }
    if (position !== size) throw new Error(`Expected ${size} bytes of ${path}, the file ended after ${position}: it changed while it was read.`);
  } finally {
    await file.close();
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (isAbsence(error)) return false;
    throw error;
  }
}

/** Whether the object was marked; see `markSuperseded` of the folder's store. */
export const isSuperseded = (root: string, key: string): Promise<boolean> => exists(`${pathOf(root, key)}${supersededEnding}`);

const isAbsence = (error: unknown): boolean => codeOf(error) === "ENOENT" || codeOf(error) === "ENOTDIR";
