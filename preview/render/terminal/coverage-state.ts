import { type CoverageRow, isMissing } from "../../coverage.ts";
import type { Tone } from "./page.ts";

/** How an item fares, in one word. */
export type State = "carried" | "missing" | "answered" | "not-applicable";

export function stateOf(row: CoverageRow): State {
  if (row.carriedBy.length > 0) return "carried";
  if (isMissing(row)) return "missing";
  return row.applies ? "answered" : "not-applicable";
}

export const toneOf: { readonly [S in State]: Tone } = {
  carried: "good",
  missing: "bad",
  answered: "doubtful",
  "not-applicable": "faint",
};
