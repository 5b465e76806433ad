import { counted, paragraph } from "./lines.ts";
import type { Page } from "./page.ts";

/** How the commands that are printed find the project. */
export interface Hints {
  /** ` --cwd <folder>`, or nothing where the command was started in the project. */
  readonly there: string;
  /** Folder of the rules' pack as the command takes it, for an update to be judged by them too: seen from the folder of `there`. */
  readonly policyPack: string | undefined;
}

/** How a preview ended, as far as it decides what a person does next. */
export interface Ending extends Hints {
  readonly stack: string;
  readonly problems: number;
  readonly violations: number;
  readonly missing: number;
  readonly doubts: number;
  /** False: no rule spoke. */
  readonly judged: boolean;
  readonly strict: boolean;
}

/** The end: what to do next. What stops the stack comes before what could be better. */
export function next({ stack, problems, violations, missing, doubts, judged, strict, there, policyPack }: Ending, page: Page): readonly string[] {
  const say = (text: string): readonly string[] => paragraph(`${page.paint("strong", "Next:")} ${text}`, page, 0, 6);
  if (problems > 0) return say(`mend the ${counted(problems, "problem")} above, then preview again.`);
  if (violations > 0) return say(`mend the ${counted(violations, "violation")} above, then preview again.`);
  if (strict && !judged) return say("build the rules, for none was found (--strict): npm run build");
  const coverage = coverageCommand(stack, { there });
  if (strict && missing > 0) return [...say(`carry or answer the ${counted(missing, "missing item")} (--strict):`), ...paragraph(coverage, page, 6)];
  if (strict && doubts > 0) return say(`make known what the ${counted(doubts, "doubt")} above ask${doubts === 1 ? "s" : ""} for (--strict), then preview again.`);
  const left = `(${counted(missing, "item stays", "items stay")} missing: ${coverage})`;
  // On a line of its own, so that either command can be copied whole.
  const pack = policyPack === undefined ? "" : ` --policy-pack ${policyPack}`;
  return [...say(`pulumi up --stack ${stack}${pack}${there}`), ...(missing === 0 ? [] : paragraph(page.paint("faint", left), page, 6))];
}

export const coverageCommand = (stack: string, { there }: Pick<Hints, "there">): string => `npx upkeep coverage --stack ${stack}${there}`;
