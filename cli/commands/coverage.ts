import { documentOf } from "../../preview/document.ts";
import { coveragePage } from "../../preview/render/terminal/coverage.ts";
import { asideOf, exitCodeFor, look, sourceIn } from "../look.ts";
import type { Answer, StackOptions, Surroundings } from "../options.ts";
import { projectAt } from "../project.ts";
import { json, lines } from "../text.ts";

/** `upkeep coverage`: every item of the practice, and what became of it. */
export async function coverage(options: StackOptions, surroundings: Surroundings): Promise<Answer> {
  const project = projectAt(options.cwd);
  const seen = await look(options, project, surroundings);
  const { stack, coverage: rows, problems } = documentOf(seen);
  return {
    stdout: options.json
      ? json({ stack, coverage: rows, problems })
      : lines(coveragePage(seen, sourceIn(project.folder), surroundings.page)),
    stderr: asideOf(seen, options, surroundings, project),
    exitCode: exitCodeFor(seen, options),
  };
}
