import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";

export const repository = fileURLToPath(new URL("../../..", import.meta.url));

/** Pulumi writes into them: into the stack file, its salt. */
const isStackFile = (name: string): boolean => /^Pulumi(\..+)?\.yaml$/.test(name);
const ofRepository = ["package.json", "tsconfig.json", "node_modules"] as const;

/** All that one engine reads and writes, in a folder that `remove` takes away. */
export interface EngineFolder {
  /** Holds the stack files, and the program where it lies in the repository. */
  readonly project: string;
  readonly state: string;
  readonly home: string;
  /** Replaces a file of the project by what `change` makes of it. */
  readonly edit: (file: string, change: (text: string) => string) => void;
  readonly remove: () => void;
}

/** A layer that a deployment finds, as `npm run tools` would leave it: what is in it is no business of the engine. */
export function writeStandInTools(project: string): void {
  mkdirSync(join(project, ".tools"), { recursive: true });
  writeFileSync(join(project, ".tools", "layer-x86_64.zip"), zipSync({ "bin/pg_dump": new Uint8Array([1]) }, { mtime: new Date(1980, 0, 1) }));
}

/** `source` holds a Pulumi program and its stack files. */
export function engineFolder(source: string): EngineFolder {
  const top = mkdtempSync(join(tmpdir(), "upkeep-engine-"));
  const [project, state, home] = ["project", "state", "home"].map((name) => join(top, name)) as [string, string, string];
  for (const folder of [project, state, home]) mkdirSync(folder);
  for (const name of readdirSync(source).filter(isStackFile)) copyFileSync(join(source, name), join(project, name));
  symlinkSync(join(source, "index.ts"), join(project, "index.ts"));
  writeStandInTools(project);
  for (const name of ofRepository) symlinkSync(join(repository, name), join(project, name));
  return {
    project, state, home,
    edit: (file, change) => {
      const before = readFileSync(join(project, file), "utf8");
      const after = change(before);
      if (after === before) throw new Error(`Expected the change to ${file} to change it, it did not: the file reads otherwise now.`);
      rmSync(join(project, file));
      writeFileSync(join(project, file), after);
    },
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}
