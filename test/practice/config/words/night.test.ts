import { describe, expect, it } from "vitest";
import { missingNight } from "../../../../practice/config/words/night.ts";
import { parseSchedule } from "../../../../practice/config/words/schedule.ts";

const now = new Date("2026-11-23T12:00:00Z");

function wayOut(words: string, zone = "Europe/Berlin"): string | undefined {
  const { value } = parseSchedule(words, zone, now);
  if (value === undefined) throw new Error(`Expected a schedule, got ${words}.`);
  return missingNight(value, now)?.wayOut;
}

describe("a time that does not exist on some night", () => {
  it("is refused with the night and two ways out", () => {
    expect(wayOut("daily at 02:00")).toBe(
      "on Sunday, 2027-03-28 clocks in Europe/Berlin go from 02:00 to 03:00: choose a time before 02:00 or from 03:00 on, or write `daily at 02:00 UTC`",
    );
  });

  it.each([
    ["weekly on sunday at 02:30", "2027-03-28"],
    ["monthly on last sunday at 02:30", "2027-03-28"],
    ["monthly on day 28 at 02:59", "2027-03-28"],
    ["yearly on march 31 at 02:10", "2030-03-31"],
    ["cron(0 2,14 * * ? *)", "2027-03-28"],
    ["daily at 02:30 in America/New_York", "2027-03-14"],
  ])("%s: %s", (words, night) => {
    expect(wayOut(words)).toContain(night);
  });

  it.each([
    "daily at 01:59", "daily at 03:00", "daily at 02:00 UTC", "daily at 02:00 in Asia/Tokyo",
    "weekly on monday at 02:30", "monthly on first sunday at 02:30", "every 1 hour",
  ])("%s is there every time", (words) => {
    expect(wayOut(words)).toBeUndefined();
  });

  it.each(["cron(0 * * * ? *)", "cron(0/15 * * * ? *)"])("%s comes so often that no pause grows longer", (words) => {
    expect(wayOut(words)).toBeUndefined();
  });
});
