import { isMissing } from "../../coverage.ts";
import type { Preview } from "../../preview.ts";
import { plansOf } from "../../plans.ts";
import { blocks } from "../../policy/verdict.ts";
import { alerts } from "./alerts.ts";
import { backups } from "./backups.ts";
import { coverageSummary } from "./coverage-summary.ts";
import { familyOf } from "./family.ts";
import { header } from "./header.ts";
import { coverageCommand, type Hints, next } from "./next.ts";
import type { Page } from "./page.ts";
import { problems, type Source } from "./problems.ts";
import { foldedResources, unfoldedResources } from "./resources.ts";
import { sections } from "./sections.ts";
import { verdicts } from "./verdicts.ts";
import { week } from "./week.ts";

export interface Reading {
  readonly now: Date;
  readonly strict: boolean;
  /** Each resource on a line of its own, instead of components with what they hold. */
  readonly unfold: boolean;
  /** Where the lines of files are had that problems name. */
  readonly source: Source;
  readonly hints: Hints;
}

/** A preview for people: what the practice is, what it is made of, how the rules judge it, what to do next. */
export function previewPage(preview: Preview, { now, strict, unfold, source, hints }: Reading, page: Page): readonly string[] {
  const { stack, resources, coverage, verdicts: judged, problems: found } = preview;
  const { custom, components } = familyOf(resources);
  const counts = { resources: custom.length, components: components.length };
  return sections(
    ...plansOf(resources).flatMap((plan) => [
      header(plan, counts, page),
      coverageSummary(coverage, coverageCommand(stack, hints), page),
      week(plan, now, page),
      alerts(plan, page),
      backups(plan, page),
    ]),
    ...(custom.length === 0 ? [] : [(unfold ? unfoldedResources : foldedResources)(resources, page)]),
    // Half a stack is not judged, and that no rule spoke is then no news.
    ...(found.length > 0 && judged.length === 0 ? [] : [verdicts(judged, page)]),
    ...(found.length === 0 ? [] : [problems(found, source, page)]),
    next({
      ...hints,
      stack,
      problems: found.length,
      violations: judged.filter(blocks).length,
      missing: coverage.filter(isMissing).length,
      judged: judged.length > 0,
      doubts: judged.filter(({ outcome }) => outcome === "cannot-tell").length,
      strict,
    }, page),
  );
}
