import { severities } from "../../../practice/config/settings.ts";
import { inWords } from "../../../practice/plan/calendar.ts";
import type { AlertEntry, Plan, Route } from "../../../practice/plan/entries.ts";
import { columns, counted, heading, paragraph, type Row } from "./lines.ts";
import { only } from "./of-kind.ts";
import type { Page } from "./page.ts";

/** Every alert under its severity, with the threshold in words; where each severity goes is said once. */
export function alerts({ entries }: Plan, page: Page): readonly string[] {
  const all = only(entries, "alert");
  const routes = only(entries, "routing").flatMap((entry) => entry.routes);
  const notes = suppressors(all);

  const rows = severities.flatMap((severity): readonly Row[] => {
    const raised = all.filter((alert) => alert.severity === severity);
    if (raised.length === 0) return [];
    const route = routes.find((one) => one.severity === severity);
    const title = paragraph(`${page.paint("strong", severity)}  ${destination(route, page)}`, page, 2, 4);
    return [{ between: title }, ...raised.map((alert) => [titleOf(alert, notes), alert.thresholdInWords])];
  });
  return [
    ...heading("Alerts", all.length === 0 ? page.paint("bad", "none: nobody is told of anything.") : String(all.length), page),
    ...columns(rows, page, { indent: 6, wraps: 0 }),
    ...notes.flatMap((name, index) => paragraph(page.paint("faint", `${mark(index)} not while "${titled(all, name)}" is raised`), page, 2, 4)),
    ...quiet(entries, page),
  ];
}

const titleOf = ({ title, suppressedBy }: AlertEntry, notes: readonly string[]): string =>
  suppressedBy === undefined ? title : `${title} ${mark(notes.indexOf(suppressedBy))}`;

const suppressors = (all: readonly AlertEntry[]): readonly string[] =>
  [...new Set(all.flatMap(({ suppressedBy }) => suppressedBy ?? []))];

const mark = (index: number): string => "*".repeat(index + 1);

const titled = (all: readonly AlertEntry[], name: string): string => all.find((alert) => alert.name === name)?.title ?? name;

function destination(route: Route | undefined, page: Page): string {
  if (route === undefined || route.to.length === 0) return page.paint("bad", "goes to nobody");
  const to = route.to.map(({ channel, protocol }) => `${channel} (${protocol})`).join(", ");
  return `answered within ${promised(route.respondWithinSeconds)}: ${to}`;
}

const DAY_SECONDS = 86_400;

/** Whole days as people write them: a promise of a day is not one of 24 hours. */
const promised = (seconds: number): string =>
  seconds % DAY_SECONDS === 0 ? counted(seconds / DAY_SECONDS, "day") : inWords(seconds);

function quiet(entries: Plan["entries"], page: Page): readonly string[] {
  const hours = only(entries, "quiet").map(({ hours: { from, until, timeZone } }) =>
    `Quiet hours: from ${from} to ${until} (${timeZone}) nobody is told.`);
  const boards = only(entries, "board").map(({ title }) => `Datadog shows the ages too, on the dashboard "${title}".`);
  return [...hours, ...boards].flatMap((text) => paragraph(text, page));
}
