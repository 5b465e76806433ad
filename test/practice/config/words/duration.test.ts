import { describe, expect, it } from "vitest";
import { parseDuration, type DurationBounds } from "../../../../practice/config/words/duration.ts";

const days: DurationBounds = { units: ["days"], least: "1 day", most: "3650 days", example: "30 days" };
const times: DurationBounds = { units: ["minutes", "hours", "days"], least: "5 minutes", most: "30 days", example: "2 hours" };
const latency: DurationBounds = { units: ["milliseconds", "seconds"], least: "1 ms", most: "60 seconds", example: "200 ms" };

describe("a duration in words", () => {
  it.each([
    ["30 days", days, 30 * 86_400_000],
    ["1 day", days, 86_400_000],
    ["5 minutes", times, 300_000],
    ["2 hours", times, 7_200_000],
    ["200 ms", latency, 200],
    ["1 second", latency, 1_000],
  ])("reads %s", (words, bounds, milliseconds) => {
    expect(parseDuration(words, bounds)).toEqual({ value: milliseconds });
  });

  it("says the whole words when only the unit is missing", () => {
    expect(parseDuration(30, days)).toEqual({ problem: { expected: "days in words, with the unit", wayOut: "write `30 days`" } });
    expect(parseDuration(1, days)).toEqual({ problem: { expected: "days in words, with the unit", wayOut: "write `1 day`" } });
  });

  it.each([["1.5 hours"], ["a week"], ["2 fortnights"], ["-3 hours"], [""], [null], [{ hours: 2 }], [Number.NaN], [1.5]])("refuses %j", (words) => {
    expect(parseDuration(words, times).problem).toBeDefined();
  });

  it("refuses a unit that does not belong here", () => {
    expect(parseDuration("36 hours", days)).toEqual({ problem: { expected: "days in words", wayOut: "write it as `30 days`" } });
  });

  it.each([["4 minutes", true], ["5 minutes", false], ["30 days", false], ["31 days", true]])("keeps to its bounds: %s", (words, outside) => {
    expect(parseDuration(words, times).problem !== undefined).toBe(outside);
  });
});
