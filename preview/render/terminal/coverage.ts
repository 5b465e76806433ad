import { isMissing } from "../../coverage.ts";
import type { Preview } from "../../preview.ts";
import { coverageList } from "./coverage-list.ts";
import { coverageSummary } from "./coverage-summary.ts";
import type { Page } from "./page.ts";
import { problems, type Source } from "./problems.ts";
import { sections } from "./sections.ts";

/** What `upkeep coverage` shows: every item, then the numbers, which a long list would scroll away. */
export function coveragePage({ stack, coverage, problems: found }: Preview, source: Source, page: Page): readonly string[] {
  const missing = coverage.filter(isMissing).length;
  return sections(
    coverage.length === 0 ? [] : coverageList(coverage, page),
    coverage.length === 0 ? [] : coverageSummary(coverage, stack, page),
    found.length === 0 ? [] : problems(found, source, page),
    found.length > 0 || missing === 0 ? [] : answering(page),
  );
}

const answering = (page: Page): readonly string[] => [
  `${page.paint("strong", "Next:")} write what is missing into the stack file, or answer an item that is not yours:`,
  "  upkeep:notApplicable:",
  "    <item>: { reason: ..., owner: ..., date: yyyy-mm-dd }",
];
