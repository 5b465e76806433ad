import { expect, it } from "vitest";
import { asideOf, exitCodeFor } from "../../cli/look.ts";
import { nothingOf } from "../../cli/nothing.ts";
import type { Verdict } from "../../preview/policy/verdict.ts";
import type { Preview } from "../../preview/preview.ts";
import { plainPage } from "../support/page.ts";

const passed: Verdict = { policy: "store-private", level: "mandatory", outcome: "passed", message: "Stores are private." };
const sound: Preview = { ...nothingOf("prod", []), usable: true, verdicts: [passed] };
const options = (strict: boolean) => ({ strict, json: false, cwd: "." });
const surroundings = { environment: {}, now: new Date("2026-11-23T20:40:00Z"), page: plainPage, debug: false };

it.each<readonly [string, Partial<Preview>, number, number]>([
  ["all rules pass", {}, 0, 0],
  ["a rule cannot tell", { verdicts: [{ ...passed, outcome: "cannot-tell" }] }, 0, 1],
  ["there are no rules", { verdicts: [] }, 0, 1],
  ["a problem kept the rules from judging", { verdicts: [], problems: [{ message: "no shelf" }] }, 1, 1],
  ["the stack file cannot be used", { verdicts: [], usable: false }, 2, 2],
])("the exit code when %s", (_, parts, usually, strictly) => {
  expect([exitCodeFor({ ...sound, ...parts }, options(false)), exitCodeFor({ ...sound, ...parts }, options(true))]).toEqual([usually, strictly]);
});

it("says beside the answer why --strict fails without rules, and only then", () => {
  const unjudged = { ...sound, verdicts: [] };
  expect(asideOf(unjudged, options(true), surroundings, { aside: [] })).toBe("--strict: no rules were found: npm run build\n");
  expect(asideOf(unjudged, options(false), surroundings, { aside: [] })).toBe("");
  expect(asideOf(sound, options(true), surroundings, { aside: [] })).toBe("");
  expect(asideOf({ ...unjudged, problems: [{ message: "no shelf" }] }, options(true), surroundings, { aside: [] })).toBe("");
});
