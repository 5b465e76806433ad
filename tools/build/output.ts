import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, relative } from "node:path";
import { gzipSync } from "node:zlib";
import type { OutputFile } from "esbuild";

export interface BuiltFile {
  readonly path: string;
  readonly bytes: number;
}

/** Writes what differs: whoever has a file open that stayed the same never sees half of it. */
export function writeChanged(files: readonly Pick<OutputFile, "path" | "contents">[]): readonly BuiltFile[] {
  return files.map(({ path, contents }) => {
    if (!holds(path, contents)) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, contents);
    }
    return { path, bytes: contents.length };
  });
}

function holds(path: string, contents: Uint8Array): boolean {
  try {
    return readFileSync(path).equals(contents);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return false;
    throw error;
  }
}

/** How large a file is, and how large when sent. */
export const sizeLine = ({ path, bytes }: BuiltFile, root: string): string =>
  `${relative(root, path).padEnd(37)} ${kilobytes(bytes)}, ${kilobytes(gzipSync(readFileSync(path)).length)} zipped`;

/** The parts of a program in one line: only together are they something that people know. */
export const partsLine = (parts: readonly BuiltFile[], folder: string): string =>
  `${`${folder}, ${parts.length} parts`.padEnd(37)} ${kilobytes(parts.reduce((sum, { bytes }) => sum + bytes, 0))}`;

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(0).padStart(5)} kB`;
