import { relative, resolve } from "node:path";
import { messageOf } from "../engine/message.ts";
import type { Problem } from "../engine/problem.ts";
import { placeOf } from "../place.ts";

/**
 * What a program's error means for the person who reads it. Errors that bring problems of their own (the stack file's, the
 * practice's, a source that does not parse) know better than any stack trace what is to be changed.
 */
export function diagnose(error: unknown, folder: string): readonly Problem[] {
  if (bringsProblems(error)) return error.problems.map((problem) => shortened(problem, folder));
  return [{ ...placeOf(error, folder), message: messageOf(error) }];
}

export function bringsProblems(error: unknown): error is Error & { readonly problems: readonly Problem[] } {
  const { problems } = (error ?? {}) as { readonly problems?: unknown };
  return error instanceof Error && Array.isArray(problems) && problems.length > 0;
}

function shortened(problem: Problem, folder: string): Problem {
  if (problem.file === undefined) return problem;
  const file = relative(folder, resolve(folder, problem.file));
  return file.startsWith("..") ? problem : { ...problem, file };
}

/** The stack file itself cannot be used: the program was never asked about the practice. The class may be another copy's. */
export function isUnusableStackFile(error: unknown): boolean {
  return error instanceof Error && error.name === "StackFileError";
}
