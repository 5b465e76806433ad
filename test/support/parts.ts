import { join } from "node:path";
import { describe } from "vitest";
import { findPart, partNamed } from "../../tools/parts/all.ts";
import type { PartName } from "../../tools/parts/part.ts";

declare module "vitest" {
  interface TaskMeta {
    /** Why a suite could not run; the reporter lists it at the end of the run. */
    couldNotRun?: string;
  }
}

/** A suite that runs only where its parts are. Where one is missing it counts as skipped, and is named at the end of the run. */
export function describeWithParts(name: string, needs: readonly PartName[], suite: () => void): void {
  const missing = needs.flatMap((need) => {
    const found = findPart(partNamed(need));
    return found.state === "ready" ? [] : [`part ${need} is missing, ${found.why}: ${found.wayOut}`];
  });
  if (missing.length === 0) describe(name, suite);
  else describe(name, { skip: true, meta: { couldNotRun: missing.join("; ") } }, suite);
}

/** Folder of a part's programs, e.g. for the variable that tells a handler where its database programs are. */
export function programFolder(name: PartName): string {
  const found = findPart(partNamed(name));
  if (found.state === "ready") return found.folder;
  throw new Error(`Expected the part ${name}, ${found.why}: ${found.wayOut}. A suite that needs it is declared with describeWithParts.`);
}

/** Absolute path of one program of a part. */
export const programPath = (name: PartName, program: string): string => join(programFolder(name), program);
