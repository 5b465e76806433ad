import { expect, it } from "vitest";
import { closingLines, isSuccess, type RunSummary } from "../../tools/test/summary.ts";

const green: RunSummary = { passed: 3, failed: 0, skipped: 0, couldNotRun: [] };
const partless: RunSummary = { ...green, skipped: 2, couldNotRun: [{ suite: "backup", reason: "part s3 is missing" }] };

it("ends with the totals alone, and names skipped tests only when there are any", () => {
  expect(closingLines(green)).toEqual(["3 passed, 0 failed"]);
  expect(closingLines(partless)).toEqual(["could not run: backup: part s3 is missing", "3 passed, 0 failed, 2 skipped"]);
});

it("lets a missing part pass on a laptop and fail in CI", () => {
  expect(isSuccess(partless, false)).toBe(true);
  expect(isSuccess(partless, true)).toBe(false);
  expect(isSuccess(green, true)).toBe(true);
});

it("never passes with a failure", () => {
  expect(isSuccess({ ...green, failed: 1 }, false)).toBe(false);
});
