import type { CoverageRow } from "../../coverage.ts";
import { stateOf } from "./coverage-state.ts";
import { groupedBy } from "./family.ts";
import { columns, counted, heading, paragraph } from "./lines.ts";
import type { Page } from "./page.ts";

/** How much of each area is carried. The number of missing items stands out; `named` says where their names are. */
export function coverageSummary(rows: readonly CoverageRow[], named: string, page: Page): readonly string[] {
  const areas = [...groupedBy(rows, ({ area }) => area)].map(([area, own]) => ({ area, ...count(own) }));
  const all = count(rows);
  const head = ["area", "applies", "carried", "missing", "answered"].map((name) => page.paint("faint", name));
  return [
    ...heading("Coverage", `${all.carried} of ${counted(all.applies, "item")} that apply ${all.applies === 1 ? "is" : "are"} carried`, page),
    ...columns([head, ...areas.map(({ area, ...counts }) => cells(area, counts, page)), cells("all", all, page)], page, { right: [1, 2, 3, 4], wraps: 0 }),
    ...(all.missing === 0 ? [] : paragraph(`${page.paint("bad", `${counted(all.missing, "item")} missing`)}: ${named}`, page)),
  ];
}

interface Counts {
  readonly applies: number;
  readonly carried: number;
  readonly missing: number;
  readonly answered: number;
}

function count(rows: readonly CoverageRow[]): Counts {
  const states = rows.map(stateOf);
  const those = (state: (typeof states)[number]): number => states.filter((one) => one === state).length;
  const [carried, missing, answered] = [those("carried"), those("missing"), those("answered")];
  return { applies: carried + missing + answered, carried, missing, answered };
}

const cells = (area: string, { applies, carried, missing, answered }: Counts, page: Page): readonly string[] => [
  area,
  number(applies, page),
  number(carried, page),
  missing === 0 ? number(0, page) : page.paint("bad", String(missing)),
  number(answered, page),
];

/** Nothing reads better as a dash than as a nought among numbers. */
const number = (value: number, page: Page): string => (value === 0 ? page.paint("faint", "-") : String(value));
