import { createHash } from "node:crypto";
import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Architecture, architectures, BIN, SHARE, zipName } from "./contents.ts";

export interface FinishedLayer {
  /** Folder that holds what the zip holds. */
  readonly root: string;
  readonly zip: Uint8Array;
  readonly architecture: Architecture;
}

/** What lies in the folder afterwards. */
export interface PlacedLayer {
  readonly zip: string;
  readonly sha256: string;
  /** The programs, unpacked; absent when this machine could not run them. */
  readonly bin?: string;
}

/** Writes the zip, its checksum and the unpacked programs. Each appears whole or not at all: a killed run leaves nothing half. */
export function placeLayer(out: string, { root, zip, architecture }: FinishedLayer): PlacedLayer {
  mkdirSync(out, { recursive: true });
  const name = zipName(architecture);
  const sha256 = createHash("sha256").update(zip).digest("hex");
  appear(join(out, name), (file) => writeFileSync(file, zip));
  appear(join(out, `${name}.sha256`), (file) => writeFileSync(file, `${sha256}  ${name}\n`));
  const placed = { zip: join(out, name), sha256 };
  if (process.platform !== "linux" || architectures[process.arch as keyof typeof architectures] !== architecture) return placed;
  for (const folder of [BIN, SHARE]) appear(join(out, folder), (file) => cpSync(join(root, folder), file, { recursive: true }));
  return { ...placed, bin: join(out, BIN) };
}

function appear(path: string, write: (temporary: string) => void): void {
  const temporary = `${path}.${process.pid}.partial`;
  mkdirSync(join(path, ".."), { recursive: true });
  try {
    write(temporary);
    rmSync(path, { recursive: true, force: true });
    renameSync(temporary, path);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
