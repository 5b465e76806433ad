import { catalog } from "../../../practice/catalog/index.ts";
import type { CoverageRow } from "../../coverage.ts";
import { stateOf, toneOf, type State } from "./coverage-state.ts";
import { groupedBy, kindOf } from "./family.ts";
import { columns, counted, heading } from "./lines.ts";
import type { Page } from "./page.ts";

/** Every item of the practice, area by area, with what became of it. Hides nothing. */
export function coverageList(rows: readonly CoverageRow[], page: Page): readonly string[] {
  return [...groupedBy(rows, ({ area }) => area)].flatMap(([area, own], index) => {
    const applying = own.filter((row) => stateOf(row) !== "not-applicable");
    const carried = applying.filter((row) => stateOf(row) === "carried");
    return [
      ...(index === 0 ? [] : [""]),
      ...heading(area, `${carried.length} of ${counted(applying.length, "item")} that apply ${applying.length === 1 ? "is" : "are"} carried`, page),
      ...columns(own.map((row) => cells(row, page)), page),
    ];
  });
}

const words: { readonly [S in State]: string } = {
  carried: "carried",
  missing: "missing",
  answered: "answered",
  "not-applicable": "not here",
};

function cells(row: CoverageRow, page: Page): readonly string[] {
  const state = stateOf(row);
  const title = state === "not-applicable" ? page.paint("faint", row.title) : row.title;
  const told = [title, ...because(row, state).map((text) => page.paint("faint", text))].join("\n");
  return [page.paint(toneOf[state], words[state]), row.item, told];
}

/** Why an item is in its state. */
function because(row: CoverageRow, state: State): readonly string[] {
  switch (state) {
    case "carried":
      return [`by ${carriers(row.carriedBy)}`];
    case "missing":
      return [];
    case "answered":
      return [`"${row.notApplicable?.reason ?? ""}" (${row.notApplicable?.owner ?? ""}, ${row.notApplicable?.date ?? ""})`];
    case "not-applicable": {
      const when = catalog.find(({ id }) => id === row.item)?.applies.when;
      return when === undefined ? [] : [`applies when ${when}`];
    }
  }
}

/** `DatabaseBackup campus-accounts, DatabaseBackup campus-catalogue`. */
function carriers(urns: readonly string[]): string {
  const byKind = groupedBy(urns.map(namesOf), ({ kind }) => kind);
  return [...byKind].map(([kind, group]) => `${kind} ${group.map(({ name }) => name).join(", ")}`).join("; ");
}

/** A URN ends in `...Parent$Type::name`. */
function namesOf(urn: string): { readonly kind: string; readonly name: string } {
  const [name = "", types = ""] = urn.split("::").toReversed();
  return { name, kind: kindOf({ type: types }) };
}
