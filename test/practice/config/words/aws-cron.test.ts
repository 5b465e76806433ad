import { describe, expect, it } from "vitest";
import { checkCron } from "../../../../practice/config/words/aws-cron.ts";
import { cronClock } from "../../../../practice/contract/clock/cron-clock.ts";

const from = new Date("2026-11-23T00:00:00Z");
const days = (body: string, count = 3): readonly string[] =>
  cronClock(body).nextRuns(count, from).map((run) => run.toISOString().slice(0, 10));

describe("AWS's cron", () => {
  it("counts the days of the week from Sunday, 1", () => {
    expect(days("0 5 ? * 1 *", 1)).toEqual(["2026-11-29"]);
    expect(days("0 5 ? * MON *", 1)).toEqual(["2026-11-23"]);
  });

  it("knows the last day of month and week, the last Friday, the second Tuesday and the nearest weekday", () => {
    expect(days("0 5 L * ? *")).toEqual(["2026-11-30", "2026-12-31", "2027-01-31"]);
    expect(days("0 5 ? * L *", 1)).toEqual(["2026-11-28"]);
    expect(days("0 5 ? * 6L *", 2)).toEqual(["2026-11-27", "2026-12-25"]);
    expect(days("0 5 ? * 3#2 *", 1)).toEqual(["2026-12-08"]);
    expect(days("0 5 1W * ? *", 3)).toEqual(["2026-12-01", "2027-01-01", "2027-02-01"]);
    expect(days("0 5 2W 1 ? 2027-2028", 1)).toEqual(["2027-01-01"]);
  });

  it("steps from where it begins", () => {
    expect(cronClock("5/20 0 * * ? *").nextRuns(3, from).map((run) => run.getUTCMinutes())).toEqual([5, 25, 45]);
    expect(days("0 5 ? * 2/3 *", 2)).toEqual(["2026-11-23", "2026-11-26"]);
  });

  it.each([
    ["0 2 * * ?", "it has 5; for two o'clock every night write `cron(0 2 * * ? *)`"],
    ["0 2 * * * *", "put `?` in exactly one of day of month and day of week"],
    ["0 2 ? * ? *", "put `?` in exactly one of day of month and day of week"],
    ["60 2 * * ? *", "`60` is no number from 0 to 59 in minutes"],
    ["0 2 * * ? 2300", "`2300` is no number from 1970 to 2199 in year"],
    ["0 2 ? * FRI-MON *", "the range `FRI-MON` runs backwards: write it as two in day of week"],
    ["0 2 ? * 3#1,6#3 *", "`3#1` cannot stand here or not beside others in day of week"],
    ["0 2 LW * ? *", "`LW` is no number from 1 to 31 in day of month"],
    ["0 2 ? * MONDAY *", "`MONDAY` is no number from 1 to 7 in day of week"],
    ["0/0 2 * * ? *", "a step of 0 goes nowhere in minutes"],
    ["? 2 * * ? *", "`?` cannot stand here or not beside others in minutes"],
    ["0 2 0W * ? *", "`0W` is no number from 1 to 31 in day of month"],
  ])("refuses %s", (body, wayOut) => {
    expect(checkCron(body).problem?.wayOut).toBe(wayOut);
  });
});
