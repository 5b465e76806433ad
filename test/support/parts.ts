import { describe } from "vitest";
import { findPart, partNamed } from "../../tools/parts/all.ts";
import type { PartName } from "../../tools/parts/part.ts";

export { programFolder, programPath } from "../../tools/parts/programs.ts";

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
