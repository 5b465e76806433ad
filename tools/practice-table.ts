import { pathToFileURL } from "node:url";
import { areas, type Area, type CatalogItem, itemsOf } from "../practice/catalog/index.ts";

const INTRODUCTION = `# The practice

Every item that upkeep knows, area by area. An item applies because of what a system has; one that applies and that
nothing carries is *missing* in \`upkeep coverage\`, until a resource carries it or \`upkeep:notApplicable\` answers it
with a reason, an owner and a date.

- **automated**: a schedule runs it.
- **alert**: a monitor watches it.
- **human**: a tracked task on a schedule.
- **protect**: a setting that stands.
- **procedure**: a runbook that a person or an alarm starts.

How often is what the source guides say; a stack file can say otherwise.

This page is written by \`node --import tsx tools/practice-table.ts > docs/practice.md\`.
`;

const HEAD = "| Item | What it is | Kind | How often | Applies |\n|---|---|---|---|---|";

const row = ({ id, title, kind, cadence = "", applies }: CatalogItem): string =>
  `| \`${id}\` | ${title} | ${kind} | ${cadence} | ${words(applies.when)} |`;

/** Conditions read as "when it has ..."; `always` reads as it stands. */
const words = (when: string): string => (when.startsWith("always") ? when : `when ${when}`);

/** The page `docs/practice.md`, from the catalog. */
export function practicePage(): string {
  const sections = (Object.keys(areas) as readonly Area[]).map(
    (area) => `## ${area}\n\n${HEAD}\n${itemsOf(area).map(row).join("\n")}\n`,
  );
  return [INTRODUCTION, ...sections].join("\n");
}

const isStartedByAPerson = import.meta.url === pathToFileURL(process.argv[1] ?? "").href;
if (isStartedByAPerson) process.stdout.write(practicePage());
