import { documentOf } from "../../preview/document.ts";
import { Stopwatch } from "../../preview/phases.ts";
import { previewPage } from "../../preview/render/terminal/preview.ts";
import { asideOf, exitCodeFor, look, sourceIn } from "../look.ts";
import type { Answer, PreviewOptions, Surroundings } from "../options.ts";
import { projectAt } from "../project.ts";
import { json, lines } from "../text.ts";

/** `upkeep preview`: the whole practice of a stack. */
export async function preview(options: PreviewOptions, surroundings: Surroundings): Promise<Answer> {
  const start = performance.now();
  const { strict, cwd, resources } = options;
  const project = projectAt(cwd);
  const seen = await look(options, project, surroundings);
  const reading = { strict, now: surroundings.now, unfold: resources, source: sourceIn(project.folder), hints: project.hints };
  const stopwatch = new Stopwatch();
  const stdout = await stopwatch.time("render", () =>
    options.json ? json(documentOf(seen)) : lines(previewPage(seen, reading, surroundings.page)));
  return {
    stdout,
    stderr: asideOf({ ...seen, phases: { start, ...seen.phases, ...stopwatch.phases } }, options, surroundings, project),
    exitCode: exitCodeFor(seen, options),
  };
}
