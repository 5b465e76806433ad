import type { BigIntStats } from "node:fs";
import { lstat, readdir, stat } from "node:fs/promises";
import { Unreadable } from "./unreadable.ts";

/** Something in the folder. Names on a disk are bytes, not letters: one character each here (latin1). */
export interface Found {
  /** Bytes of the path below the folder, without a slash at its end. */
  readonly name: string;
  readonly stats: BigIntStats;
}

/** Bytes of a path, as the disk has them. */
const bytesOf = (name: string): Buffer => Buffer.from(name, "latin1");

export const below = (folder: string, name: string): Buffer => Buffer.concat([Buffer.from(`${folder}/`), bytesOf(name)]);

/**
 * All that is below a folder, each directory before what it holds, in the order of the bytes of their names. Symbolic
 * links are told, never followed, but for the folder itself. What is deleted meanwhile is left out; `gone` counts it.
 */
export async function* walk(folder: string, gone: (name: string) => void, signal: AbortSignal): AsyncGenerator<Found> {
  await expectFolder(folder);
  // The last is the next: as many as one directory holds at each depth, not as many as there are.
  const left = await namesIn(folder, "") ?? [];
  for (let name = left.pop(); name !== undefined; name = left.pop()) {
    signal.throwIfAborted();
    const stats = await unlessGone(() => lstat(below(folder, name ?? ""), { bigint: true }), folder, name);
    if (stats === undefined) {
      gone(name);
      continue;
    }
    yield { name, stats };
    if (stats.isDirectory()) left.push(...await namesIn(folder, name) ?? []);
  }
  // An unmounted disk leaves an empty directory behind, or none: one that went away while it was read is no backup.
  await expectFolder(folder);
}

async function expectFolder(folder: string): Promise<void> {
  const stats = await unlessGone(() => stat(folder), folder, "");
  if (stats === undefined) throw new Error(`Expected the folder ${folder}, there is none: is its disk mounted? Nothing was recorded as a backup.`);
  if (!stats.isDirectory()) throw new Error(`Expected ${folder} to be a folder, it is none. Write the path of the folder that holds the files.`);
}

/** Names below the folder, in the order in which they are to be taken from the end; nothing where the directory is gone. */
async function namesIn(folder: string, directory: string): Promise<string[] | undefined> {
  const names = await unlessGone(() => readdir(below(folder, directory), { encoding: "latin1" }), folder, directory);
  return names?.map((name) => (directory === "" ? name : `${directory}/${name}`)).toSorted().toReversed();
}

/** What was deleted since it was listed had gone first. Anything else that cannot be read is a hole in the backup. */
export async function unlessGone<Result>(read: () => Promise<Result>, folder: string, name: string): Promise<Result | undefined> {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw new Unreadable(folder, name, error);
  }
}
