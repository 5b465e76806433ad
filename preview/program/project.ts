import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { mainKey, StackFileError } from "../../practice/config/index.ts";
import { listed, type Locate, nowhere, sentence } from "../../practice/config/problems.ts";

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
export function findProgram(folder: string, main = ".", locate: Locate = nowhere): Project {
  const path = resolve(folder, main);
  const candidates = existsSync(path) && statSync(path).isDirectory() ? entryFiles.map((name) => join(path, name)) : [path];
  const entry = candidates.find((candidate) => existsSync(candidate));
  if (entry === undefined) throw new StackFileError([{ ...locate(mainKey), path: mainKey, message: missing(relative(folder, path), main) }]);
  return { folder, entry, workingFolder: dirname(entry) };
}

const missing = (path: string, main: string): string =>
  sentence(
    main === "." ? `the program's first file, one of ${listed(entryFiles, "or")} beside Pulumi.yaml` : "the program's first file",
    main === "." ? "none" : `\`${path}\`, which is not there`, "name the file as `main:` in Pulumi.yaml",
  );
