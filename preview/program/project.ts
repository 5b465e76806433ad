import { existsSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** A Pulumi program on disk. */
export interface Project {
  /** Folder with Pulumi.yaml. */
  readonly folder: string;
  /** The program's first file. */
  readonly entry: string;
  /** Where Pulumi runs it: beside `main`, so that the program's own relative paths hold. */
  readonly workingFolder: string;
}

const entryFiles = ["index.ts", "index.mts", "index.js", "index.mjs", "index.cjs"] as const;

/** Finds a project's program. `main` of Pulumi.yaml is a file or a folder; default: `index.ts` beside it. */
export function findProgram(folder: string, main = "."): Project {
  const path = resolve(folder, main);
  const candidates = existsSync(path) && statSync(path).isDirectory() ? entryFiles.map((name) => join(path, name)) : [path];
  const entry = candidates.find((candidate) => existsSync(candidate));
  if (entry === undefined) throw new Error(`Expected the program at ${candidates[0] ?? path}, found none. Name its first file as "main" in Pulumi.yaml.`);
  return { folder, entry, workingFolder: dirname(entry) };
}
