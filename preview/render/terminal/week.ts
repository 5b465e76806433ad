import { firings } from "../../../practice/config/words/schedule.ts";
import { wallOf } from "../../../practice/contract/clock/zone.ts";
import type { Plan } from "../../../practice/plan/entries.ts";
import { columns, heading } from "./lines.ts";
import type { Page } from "./page.ts";
import { type Scheduled, scheduled } from "./scheduled.ts";

const DAY_MILLISECONDS = 86_400_000;
const DAYS = 7;

/** More often than this on one day, a time of day says nothing any more: the schedule's words do. */
const DRAWN_PER_DAY = 1;

/** The scheduled work of seven days, today first, in the system's local time. */
export function week({ entries, system: { timeZone } }: Plan, now: Date, page: Page): readonly string[] {
  const work = entries.flatMap((entry) => scheduled(entry, timeZone));
  if (work.length === 0) return heading("Next seven days", "nothing is scheduled.", page);

  const days = calendar(now, timeZone);
  const rows = work.map((one) => ({ ...one, times: timesOf(one, now, days, timeZone) }));
  const drawn = rows.filter(({ times }) => times.some((day) => day.length > 0) && times.every((day) => day.length <= DRAWN_PER_DAY));
  const said = rows.filter((row) => !drawn.includes(row));

  const labelled = Math.max(...work.map(({ label }) => label.length));
  const head = ["", ...days.map((day) => page.paint("faint", dayName(day)))];
  return [
    ...heading("Next seven days", page.paint("faint", `from ${clock(wallOf(now, timeZone))} on, times in ${timeZone}`), page),
    ...(drawn.length === 0 ? [] : columns([head, ...drawn.map(({ label, times }) =>
      [label.padEnd(labelled), ...times.map(([time]) => time ?? page.paint("faint", "-"))])], page, { wraps: 0 })),
    ...columns(said.map((row) => [row.label.padEnd(labelled), inWords(row, now)]), page),
  ];
}

/** What is too frequent to draw, or too rare for this week. */
function inWords({ schedule, times }: Scheduled & { readonly times: readonly (readonly string[])[] }, now: Date): string {
  if (times.some((day) => day.length > 0)) return schedule.words;
  const [next] = firings(schedule, now, 1);
  if (next === undefined) return `${schedule.words}: never again`;
  const wall = wallOf(next, schedule.timeZone);
  return `${schedule.words}: next on ${dayName(wall)} ${monthName(wall)} at ${clock(wall)}`;
}

/** Seven local days, each as its midnight on the wall clock. */
function calendar(now: Date, timeZone: string): readonly Date[] {
  const today = Math.floor(wallOf(now, timeZone).getTime() / DAY_MILLISECONDS) * DAY_MILLISECONDS;
  return Array.from({ length: DAYS }, (_, day) => new Date(today + day * DAY_MILLISECONDS));
}

/** For each day the local times of what is still to come. */
function timesOf({ schedule }: Scheduled, now: Date, days: readonly Date[], timeZone: string): readonly (readonly string[])[] {
  // One day more than shown: a local week can be an hour longer than seven days.
  const end = new Date(now.getTime() + (DAYS + 1) * DAY_MILLISECONDS);
  const walls = firings(schedule, now, end).map((firing) => wallOf(firing, timeZone));
  return days.map((day) => walls
    .filter((wall) => wall >= day && wall.getTime() < day.getTime() + DAY_MILLISECONDS)
    .map(clock));
}

// Wall-clock times are dates that show the local time as if it were UTC.
const dayNames = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const monthNames = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

const dayName = (wall: Date): string => `${dayNames[wall.getUTCDay()] ?? ""} ${wall.getUTCDate()}`;
const monthName = (wall: Date): string => monthNames[wall.getUTCMonth()] ?? "";
const clock = (wall: Date): string => wall.toISOString().slice(11, 16);
