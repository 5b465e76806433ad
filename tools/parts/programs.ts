import { join } from "node:path";
import { findPart, partNamed } from "./all.ts";
import type { PartName } from "./part.ts";

/** Folder of a part's programs, e.g. for the variable that tells a handler where its database programs are. */
export function programFolder(name: PartName): string {
  const found = findPart(partNamed(name));
  if (found.state === "ready") return found.folder;
  throw new Error(`Expected the part ${name}, ${found.why}: ${found.wayOut}. A suite that needs it is declared with describeWithParts.`);
}

/** Absolute path of one program of a part. */
export const programPath = (name: PartName, program: string): string => join(programFolder(name), program);
