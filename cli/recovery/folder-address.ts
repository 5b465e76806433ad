import { realpathSync, type Stats, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { sentence } from "../../practice/config/problems.ts";
import { Misused } from "./misused.ts";
import { bucketNamed } from "./store.ts";

/** A folder of this machine, of whose files a backup is made. */
export interface FolderAddress {
  readonly engine: "files";
  /** Empty: this machine, as for a socket. */
  readonly host: "";
  /** Its absolute path. */
  readonly database: string;
}

/** Reads the path of a folder. What looks like an address is not shown again: it may hold a password. */
export function parseFolder(option: string, text: string): FolderAddress {
  if (text.includes("://")) throw new Misused(sentence(`a folder of this machine after \`${option}\``, "an address", `write it as \`${option} ./uploads\`; a bucket is backed up by a deployed stack, a database by --url`));
  const database = resolve(text);
  const stats = statsOf(option, database);
  if (stats === undefined) throw new Misused(sentence(`a folder after \`${option}\``, `${text}, which is not there`, "is its disk mounted? Look for a typing error"));
  if (!stats.isDirectory()) throw new Misused(sentence(`a folder after \`${option}\``, `${text}, which is none`, "name the folder that holds the files"));
  return { engine: "files", host: "", database };
}

function statsOf(option: string, path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : String(error);
    throw new Misused(sentence(`a folder after \`${option}\``, `${path}, which cannot be looked at (${code})`, "name one that you may read"));
  }
}

/** Every backup would hold all those before it. */
export function expectStoreOutside({ database }: FolderAddress, store: string): void {
  if (bucketNamed(store) !== undefined) return;
  const way = relative(realpathSync(database), realOf(resolve(store)));
  if (way === ".." || way.startsWith(`..${sep}`)) return;
  throw new Misused(sentence("a store outside of the folder that is backed up", `${store}, which is in it`, "each backup would hold all those before it: name another folder after `--store`"));
}

/** Without links, as far as there is anything. */
function realOf(path: string): string {
  return statSync(path, { throwIfNoEntry: false }) === undefined ? join(realOf(dirname(path)), basename(path)) : realpathSync(path);
}
