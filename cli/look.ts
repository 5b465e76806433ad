import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { StackFileError } from "../practice/config/index.ts";
import { isMissing } from "../preview/coverage.ts";
import { exitCodeOf, exitCodes } from "../preview/exit-code.ts";
import { type Preview, previewStack } from "../preview/preview.ts";
import type { Source } from "../preview/render/terminal/problems.ts";
import { unjudged } from "../preview/render/terminal/verdicts.ts";
import { chooseStack } from "./choose-stack.ts";
import { nothingOf } from "./nothing.ts";
import type { StackOptions, Surroundings } from "./options.ts";
import { type Project, withFolder } from "./project.ts";
import { rulesFor } from "./rules.ts";
import { lines } from "./text.ts";

/** The preview that a command was asked about; a stack that cannot be chosen is one whose file cannot be used. */
export async function look({ stack }: StackOptions, { folder: projectDir, hints }: Project, { environment }: Pick<Surroundings, "environment">): Promise<Preview> {
  const told = (problems: Preview["problems"]): Preview["problems"] => problems.map((problem) => withFolder(problem, hints));
  try {
    const rulesFile = rulesFor(projectDir);
    const seen = await previewStack({
      projectDir, stack: chooseStack(projectDir, stack, environment), ...(rulesFile === undefined ? {} : { rulesFile }),
    });
    // Whatever was registered before the stack file was refused says nothing of the stack.
    return seen.usable ? seen : nothingOf(seen.stack, told(seen.problems));
  } catch (error) {
    if (!(error instanceof StackFileError)) throw error;
    return nothingOf(stack ?? "", told(error.problems));
  }
}

/** With `--strict`, what is missing, what no rule can tell and what no rule was asked about fails too. */
export function exitCodeFor(preview: Preview, { strict }: StackOptions): number {
  const code = exitCodeOf(preview);
  if (code !== exitCodes.fine || !strict) return code;
  const open = isUnjudged(preview) || preview.coverage.some(isMissing) || preview.verdicts.some(({ outcome }) => outcome === "cannot-tell");
  return open ? exitCodes.wrong : exitCodes.fine;
}

/** What is said beside the answer: the program's warnings, and where the time went when that was asked for. */
export function asideOf(preview: Preview, { strict }: StackOptions, { debug }: Pick<Surroundings, "debug">, { aside }: Pick<Project, "aside">): string {
  const { warnings, phases } = preview;
  const spent = Object.entries(phases).map(([phase, milliseconds]) => `${phase} ${Math.round(milliseconds)} ms`);
  return lines([
    ...aside,
    ...warnings.map((warning) => `warning: ${warning}`),
    // Neither a document nor a list of items shows it, and the exit code alone would puzzle.
    ...(strict && isUnjudged(preview) ? [`--strict: ${unjudged}`] : []),
    ...(debug && spent.length > 0 ? [spent.join(", ")] : []),
  ]);
}

/** The stack is sound as far as it is known, but nobody looked at it with the rules' eyes. */
const isUnjudged = ({ usable, problems, verdicts }: Preview): boolean => usable && problems.length === 0 && verdicts.length === 0;

/** Lines of the files that problems name. Problems may name what cannot be read: then their words have to do. */
export function sourceIn(folder: string): Source {
  return (file) => {
    try {
      return readFileSync(resolve(folder, file), "utf8").split("\n");
    } catch {
      return undefined;
    }
  };
}
