import { readlink } from "node:fs/promises";
import { release, type } from "node:os";
import { pipeline } from "node:stream/promises";
import type { Headers, Pack } from "tar-stream";
import { type Dump, readObjectCommand } from "../../dump.ts";
import { openTarDump } from "../tar-dump.ts";
import { headerOf } from "./header.ts";
import { LeftOut } from "./left-out.ts";
import { writeRawName } from "./raw-names.ts";
import { type OpenedFile, openFile } from "./read-file.ts";
import { below, type Found, unlessGone, walk } from "./walk.ts";

/** All that is below a folder of this machine as one tar archive, streamed: nothing of it is written here. */
export function openFolderDump(folder: string, signal: AbortSignal): Dump {
  const leftOut = new LeftOut();
  return openTarDump({
    fill: (archive, stop) => fill(archive, { folder, leftOut, signal: stop }),
    describe: () => ({
      serverVersion: `${type()} ${release()}`,
      consistency: "Each file by itself, as it was when it was opened: one that was written or deleted while the archive was made may be in it or not. "
        + `Symbolic links are kept as links, and never followed.${leftOut.sentences}`,
      restoreCommand: (address) => `mkdir restored && ${readObjectCommand(address)} | tar -xzpf - -C restored`,
    }),
  }, signal);
}

interface Filling {
  readonly folder: string;
  readonly leftOut: LeftOut;
  readonly signal: AbortSignal;
}

/** Gives the number of entries in the archive. */
async function fill(archive: Pack, filling: Filling): Promise<number> {
  const { folder, leftOut, signal } = filling;
  let objects = 0;
  for await (const found of walk(folder, (name) => leftOut.see("gone", name), signal)) {
    if (await addOf(found, filling)(archive)) objects += 1;
  }
  return objects;
}

/** Says whether it came into the archive. */
type Add = (archive: Pack) => Promise<boolean>;

function addOf({ name, stats }: Found, { folder, leftOut, signal }: Filling): Add {
  if (stats.isDirectory()) return (archive) => addEntry(archive, name, headerOf({ name, stats, type: "directory" }));
  if (stats.isSymbolicLink()) return async (archive) => {
    const linkname = await unlessGone(() => readlink(below(folder, name), { encoding: "latin1" }), folder, name);
    if (linkname === undefined) return leave(leftOut, "gone", name);
    writeRawName(archive, "K", linkname);
    return addEntry(archive, name, headerOf({ name, stats, type: "symlink", linkname }));
  };
  if (!stats.isFile()) return () => Promise.resolve(leave(leftOut, "special", name));
  return async (archive) => {
    const file = await openFile(folder, name, signal);
    if (file === undefined) return leave(leftOut, "gone", name);
    try {
      await addFile(archive, name, file);
      const change = await file.change();
      if (change !== undefined) leftOut.see(change, name);
      return true;
    } finally {
      await file.close();
    }
  };
}

function leave(leftOut: LeftOut, kind: "gone" | "special", name: string): false {
  leftOut.see(kind, name);
  return false;
}

function addEntry(archive: Pack, name: string, header: Headers): Promise<true> {
  writeRawName(archive, "L", name);
  return new Promise((resolve, reject) => archive.entry(header, (error) => (error ? reject(error) : resolve(true))));
}

async function addFile(archive: Pack, name: string, { bytes, stats, body }: OpenedFile): Promise<void> {
  writeRawName(archive, "L", name);
  await pipeline(body(), archive.entry(headerOf({ name, stats, type: "file", bytes })));
}
