import fc from "fast-check";
import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import { firings, longestGapSeconds, parseSchedule, type Schedule } from "../../../../practice/config/words/schedule.ts";

const zones = ["UTC", "Europe/Berlin", "America/New_York", "Africa/Casablanca", "Australia/Lord_Howe", "Asia/Kathmandu"] as const;
const weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

const two = (number: number): string => String(number).padStart(2, "0");
const time = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
const from = fc.date({ min: new Date("2026-01-01T00:00:00Z"), max: new Date("2034-01-01T00:00:00Z"), noInvalidDate: true });
const zone = fc.constantFrom(...zones);

function read(words: string, timeZone: string): Schedule {
  const { value } = parseSchedule(words, timeZone, new Date("2026-01-01T00:00:00Z"));
  if (value === undefined) throw new Error(`Expected a schedule, got ${words}.`);
  return value;
}

const days = fc.oneof(
  fc.constant("daily"),
  fc.constantFrom(...weekdays).map((day) => `weekly on ${day}`),
  fc.integer({ min: 1, max: 28 }).map((date) => `monthly on day ${date}`),
  fc.tuple(fc.constantFrom("first", "second", "third", "fourth", "last"), fc.constantFrom(...weekdays)).map(([nth, day]) => `monthly on ${nth} ${day}`),
  fc.constant("monthly on last day"),
);
const timed = fc.tuple(days, time).map(([said, { hour, minute }]) => `${said} at ${two(hour)}:${two(minute)}`);
const paced = fc.integer({ min: 1, max: 600 }).map((count) => `every ${count} minutes`);

describe("every schedule", () => {
  it("fires later each time, and never at or before the start", () => {
    fc.assert(fc.property(fc.oneof(timed, paced), zone, from, (words, timeZone, start) => {
      const found = firings(read(words, timeZone), start, 12);
      expect(found).toHaveLength(12);
      found.forEach((firing, index) => expect(firing.getTime()).toBeGreaterThan((found[index - 1] ?? start).getTime()));
    }), { numRuns: 150 });
  });

  it("fires when the wall clock shows the time in its words", () => {
    fc.assert(fc.property(days, time, zone, from, (said, { hour, minute }, timeZone, start) => {
      for (const firing of firings(read(`${said} at ${two(hour)}:${two(minute)}`, timeZone), start, 5)) {
        const wall = DateTime.fromJSDate(firing, { zone: timeZone });
        expect([wall.hour, wall.minute, wall.second]).toEqual([hour, minute, 0]);
        const weekday = /on (?:\w+ )?(\w+day)$/.exec(said)?.[1];
        if (weekday !== undefined) expect(weekdays[wall.weekday - 1]).toBe(weekday);
      }
    }), { numRuns: 150 });
  });

  it("that is daily fires as the calendar says for every day of every month", () => {
    fc.assert(fc.property(time, zone, from, ({ hour, minute }, timeZone, start) => {
      const [daily, everyDay] = [`daily at ${two(hour)}:${two(minute)}`, `cron(${minute} ${hour} 1-31 * ? *)`];
      expect(firings(read(daily, timeZone), start, 40)).toEqual(firings(read(everyDay, timeZone), start, 40));
    }), { numRuns: 100 });
  });

  it("goes on where a shorter list ended", () => {
    fc.assert(fc.property(fc.oneof(timed, paced), zone, from, (words, timeZone, start) => {
      const schedule = read(words, timeZone);
      const whole = firings(schedule, start, 6);
      expect(firings(schedule, whole[2] ?? start, 3)).toEqual(whole.slice(3));
      expect(firings(schedule, start, whole[5] ?? start)).toEqual(whole.slice(0, 5));
    }), { numRuns: 100 });
  });

  it("has no gap in the coming year that is longer than its longest", () => {
    fc.assert(fc.property(timed, zone, from, (words, timeZone, start) => {
      const schedule = read(words, timeZone);
      const found = firings(schedule, start, 13);
      const gaps = found.slice(1).map((firing, index) => (firing.getTime() - (found[index] ?? firing).getTime()) / 1000);
      const yearOn = (found[0]?.getTime() ?? 0) + 366 * 86_400_000;
      const inTheYear = gaps.filter((_, index) => (found[index]?.getTime() ?? 0) < yearOn);
      expect(Math.max(...inTheYear)).toBeLessThanOrEqual(longestGapSeconds(schedule, start));
    }), { numRuns: 40 });
  });
});
