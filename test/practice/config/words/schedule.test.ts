import { describe, expect, it } from "vitest";
import { firings, longestGapSeconds, parseSchedule, type Schedule } from "../../../../practice/config/words/schedule.ts";

const now = new Date("2026-11-23T12:00:00Z");

function schedule(words: string, zone = "Europe/Berlin"): Schedule {
  const { value, problem } = parseSchedule(words, zone, now);
  if (value === undefined) throw new Error(`Expected a schedule, got ${JSON.stringify(problem)}.`);
  return value;
}

const next = (words: string, count: number, from = now): readonly string[] =>
  firings(schedule(words), from, count).map((firing) => firing.toISOString().slice(0, 16));

describe("words about time", () => {
  it.each([
    ["daily at 01:30", "cron(30 1 * * ? *)"],
    ["weekly on sunday at 03:00", "cron(0 3 ? * SUN *)"],
    ["monthly on day 15 at 04:05", "cron(5 4 15 * ? *)"],
    ["monthly on last day at 23:00", "cron(0 23 L * ? *)"],
    ["monthly on first sunday at 06:00", "cron(0 6 ? * 1#1 *)"],
    ["monthly on last friday at 06:00", "cron(0 6 ? * 6L *)"],
    ["quarterly on day 1 at 09:00", "cron(0 9 1 1,4,7,10 ? *)"],
    ["yearly on march 31 at 08:00", "cron(0 8 31 3 ? *)"],
    ["every 15 minutes", "rate(15 minutes)"],
    ["every 1 hour", "rate(1 hour)"],
    ["cron(0/10 8-18 ? * MON-FRI *)", "cron(0/10 8-18 ? * MON-FRI *)"],
  ])("%s is %s", (words, expression) => {
    expect(schedule(words)).toEqual({ words, expression, timeZone: "Europe/Berlin" });
  });

  it("are meant in a zone of their own where they name one", () => {
    expect(schedule("daily at 02:00 UTC")).toMatchObject({ expression: "cron(0 2 * * ? *)", timeZone: "UTC" });
    expect(schedule("daily at 02:00 in America/New_York")).toMatchObject({ expression: "cron(0 2 * * ? *)", timeZone: "America/New_York" });
  });

  it.each([
    ["dialy at 02:00", "a schedule in words", "write it as `daily at 02:00`"],
    ["daily", "a schedule in words", "write it as `daily at 01:30`"],
    ["daily at 3 pm", "a schedule in words", "write it as `daily at 15:00`"],
    ["daily at 12.05am", "a time of day from 00:00 to 23:59", "write it with four digits, such as `00:05`"],
    ["daily at 13 pm", "a schedule in words", "write it as `daily at 01:30`"],
    ["monthly at 4:15", "a schedule in words", "write it as `monthly on first sunday at 04:15`, `monthly on day 1 at 04:15` or `monthly on last day at 04:15`"],
    ["quarterly on day 31 at 03:20", "a day that every month has, 1 to 28", "write `quarterly on day 28 at 03:20`"],
    ["daily at 2:00", "a time of day from 00:00 to 23:59", "write it with four digits, such as `02:00`"],
    ["daily at 24:00", "a time of day from 00:00 to 23:59", "write it with four digits, such as `01:30`"],
    ["weekly on sun at 03:00", "a weekday by its English name", "write `sunday`"],
    ["monthly on day 31 at 03:00", "a day that every month has, 1 to 28", "for the end of the month write `monthly on last day at 03:00`"],
    ["yearly on february 29 at 03:00", "a day from 1 to 28, which every february has", "write `yearly on february 28 at 03:00`"],
    ["daily at 01:30 in Europe/Berln", "a time zone by its IANA name", "write `in Europe/Berlin` or `UTC` at the end"],
    ["rate(5 minutes)", "a schedule in words", "write it as `every 15 minutes`"],
    ["every 0 hours", "a whole number of hours from 1 to 8760", "write it as `every 15 minutes` or `every 6 hours`"],
  ])("%s is refused with a way out", (words, expected, wayOut) => {
    expect(parseSchedule(words, "UTC", now)).toEqual({ problem: { expected, wayOut } });
  });

  it.each(["cron(0 0 31 2 ? *)", "cron(0 1 * * ? 2020)", "cron(0 1 1 1 ? 2027)"])("%s never fires again and again, and is refused", (words) => {
    expect(parseSchedule(words, "UTC", now).problem?.expected).toBe("a schedule that fires again and again");
  });
});

describe("the next firings", () => {
  it("follow the wall clock of the zone", () => {
    expect(next("daily at 01:30", 2, new Date("2026-10-24T12:00:00Z"))).toEqual(["2026-10-24T23:30", "2026-10-26T00:30"]);
    expect(next("monthly on first sunday at 06:00", 2)).toEqual(["2026-12-06T05:00", "2027-01-03T05:00"]);
    expect(next("monthly on last day at 12:00", 4)).toEqual(["2026-11-30T11:00", "2026-12-31T11:00", "2027-01-31T11:00", "2027-02-28T11:00"]);
  });

  it("leave out a time that a night skips", () => {
    expect(next("daily at 02:30", 3, new Date("2027-03-27T00:00:00Z"))).toEqual(["2027-03-27T01:30", "2027-03-29T00:30", "2027-03-30T00:30"]);
  });

  it("fire once at a time that a night has twice, the first time", () => {
    expect(next("daily at 02:30", 3, new Date("2026-10-24T12:00:00Z"))).toEqual(["2026-10-25T00:30", "2026-10-26T01:30", "2026-10-27T01:30"]);
    expect(next("daily at 02:30", 1, new Date("2026-10-25T01:00:00Z"))).toEqual(["2026-10-26T01:30"]);
  });

  it("end before an instant", () => {
    expect(firings(schedule("every 6 hours"), now, new Date("2026-11-24T06:00:00Z")).map((firing) => firing.getUTCHours())).toEqual([18, 0]);
    expect(firings(schedule("every 6 hours"), now, 0)).toEqual([]);
  });
});

describe("the longest gap", () => {
  it.each([
    ["daily at 01:30", 25],
    ["daily at 01:30 UTC", 24],
    ["daily at 02:30", 47],
    ["every 15 minutes", 0.25],
    ["weekly on monday at 02:30", 169],
    ["cron(0 2,14 * * ? *)", 23],
    ["monthly on first sunday at 06:00", 35 * 24 + 1],
  ])("of %s is %d hours", (words, hours) => {
    expect(longestGapSeconds(schedule(words), new Date("2027-01-01T00:00:00Z"))).toBe(hours * 3600);
  });
});
