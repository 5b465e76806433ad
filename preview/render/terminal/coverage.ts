import { isMissing } from "../../coverage.ts";
import type { Preview } from "../../preview.ts";
import { coverageList } from "./coverage-list.ts";
import { coverageSummary } from "./coverage-summary.ts";
import { paragraph } from "./lines.ts";
import type { Page } from "./page.ts";
import { problems, type Source } from "./problems.ts";
import { sections } from "./sections.ts";

/** What `upkeep coverage` shows: every item, then the numbers, which a long list would scroll away. */
export function coveragePage({ coverage, problems: found }: Preview, source: Source, page: Page): readonly string[] {
  const missing = coverage.filter(isMissing).length;
  return sections(
    coverage.length === 0 ? [] : coverageList(coverage, page),
    coverage.length === 0 ? [] : coverageSummary(coverage, "named above", page),
    found.length === 0 ? [] : problems(found, source, page),
    found.length > 0 || missing === 0 ? [] : answering(page),
  );
}

const answering = (page: Page): readonly string[] => [
  ...paragraph(`${page.paint("strong", "Next:")} answer in the stack file what this system does without:`, page, 0, 6),
  "  upkeep:notApplicable:",
  "    <item>: { reason: ..., owner: ..., date: yyyy-mm-dd }",
];
