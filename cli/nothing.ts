import type { Problem } from "../preview/engine/problem.ts";
import type { Preview } from "../preview/preview.ts";

/** The preview of a stack of which nothing is known but why. */
export const nothingOf = (stack: string, problems: readonly Problem[]): Preview => ({
  stack, problems, project: "", usable: false, resources: [], coverage: [], verdicts: [], warnings: [], phases: {},
});
