import { type Problem, StackFileError } from "../config/problems.ts";
import type { Settings } from "../config/settings.ts";
import type { Plan } from "./entries.ts";
import { makePlan } from "./plan.ts";

/** The stack file can be read, but what it asks for does not go together. */
export class PracticeError extends StackFileError {
  override readonly name = "PracticeError";
}

/** The plan, or one error with every conflict in it and its place in the stack file. Nothing has been created by then. */
export function soundPlan(settings: Settings, locate: (path: string) => Pick<Problem, "file" | "line" | "column">): Plan {
  const { plan, problems } = makePlan(settings);
  if (problems.length > 0) throw new PracticeError(problems.map((problem) => ({ ...problem, ...locate(problem.path) })));
  return plan;
}
