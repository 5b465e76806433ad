import { blocks } from "./policy/verdict.ts";
import type { Preview } from "./preview.ts";

export const exitCodes = {
  /** The stack can be deployed as it is. */
  fine: 0,
  /** A mandatory policy is violated, or an error was found in the practice. */
  wrong: 1,
  /** The stack file cannot be used. */
  unusable: 2,
} as const;

export function exitCodeOf({ usable, problems, verdicts }: Pick<Preview, "usable" | "problems" | "verdicts">): (typeof exitCodes)[keyof typeof exitCodes] {
  if (!usable) return exitCodes.unusable;
  return problems.length > 0 || verdicts.some(blocks) ? exitCodes.wrong : exitCodes.fine;
}
