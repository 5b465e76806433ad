import type { Cron } from "croner";
import { cronClock } from "./cron-clock.ts";
import { instantOf, wallOf } from "./zone.ts";

/** What says when: an expression of EventBridge Scheduler, `cron(30 1 * * ? *)` or `rate(15 minutes)`, and the zone that it is meant in. */
export interface Timing {
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
}

const DAY_MILLISECONDS = 86_400_000;
const YEAR_MILLISECONDS = 366 * DAY_MILLISECONDS;

/**
 * The next firings after `from`, in order: the first `limit` of them, or all before the instant `limit`.
 * As EventBridge Scheduler does it: a wall-clock time that a night skips is left out, one that comes twice fires once,
 * the first time. A rate is counted from 1970 here, because only the cloud knows when its schedule was made.
 */
export function firings(schedule: Timing, from: Date, limit: number | Date): Date[] {
  const found: Date[] = [];
  if (limit === 0) return found;
  for (const firing of firingsAfter(schedule, from)) {
    if (limit instanceof Date && firing >= limit) break;
    found.push(firing);
    if (found.length === limit) break;
  }
  return found;
}

/** The last firing that is not after `now`; nothing where there was none in the four years before it, the pace of a 29 February. */
export function newestFiring(schedule: Timing, now: Date): Date | undefined {
  const until = new Date(now.getTime() + 1);
  for (const days of LOOKED_BACK_DAYS) {
    const newest = firings(schedule, new Date(now.getTime() - days * DAY_MILLISECONDS), until).at(-1);
    if (newest !== undefined) return newest;
  }
  return undefined;
}

/** A little at first: an hourly schedule has 35,000 firings in the longest of them. */
const LOOKED_BACK_DAYS = [2, 35, 4 * 366 + 1];

/**
 * The longest span between two firings in a row, in the year that begins with the first firing after `from`.
 * Infinity when fewer than two are left.
 */
export function longestGapSeconds(schedule: Timing, from: Date): number {
  const key = `${schedule.expression} ${schedule.timeZone} ${from.getTime()}`;
  const known = gapSecondsByKey.get(key);
  if (known !== undefined) return known;
  const measured = measureGapSeconds(schedule, from);
  gapSecondsByKey.set(key, measured);
  return measured;
}

/** A year of firings takes up to 15 ms to list, and a plan asks for the same gap several times. */
const gapSecondsByKey = new Map<string, number>();

function measureGapSeconds(schedule: Timing, from: Date): number {
  const period = periodMilliseconds(schedule.expression);
  if (period !== undefined) return period / 1000;

  let [longest, last, end]: [number, Date | undefined, number] = [0, undefined, 0];
  for (const firing of firingsAfter(schedule, from)) {
    if (last === undefined) end = firing.getTime() + YEAR_MILLISECONDS;
    else longest = Math.max(longest, firing.getTime() - last.getTime());
    last = firing;
    if (firing.getTime() >= end) return longest / 1000;
  }
  return longest === 0 ? Number.POSITIVE_INFINITY : longest / 1000;
}

/** Times that the wall clock is asked for, whether or not a night has them; nothing for a rate. */
export function wallClock(schedule: Timing): Cron | undefined {
  const body = /^cron\((?<body>.*)\)$/.exec(schedule.expression)?.groups?.body;
  return body === undefined ? undefined : cronClock(body);
}

function* firingsAfter(schedule: Timing, from: Date): Generator<Date, void> {
  const period = periodMilliseconds(schedule.expression);
  if (period !== undefined) {
    for (let next = Math.floor(from.getTime() / period) * period + period; ; next += period) yield new Date(next);
  }
  for (const wall of wallTimesAfter(schedule, wallOf(from, schedule.timeZone))) {
    const firing = instantOf(wall, schedule.timeZone);
    if (firing !== undefined && firing > from) yield firing;
  }
}

/** Most schedules are daily: adding a day to a time is a hundred times faster than asking a calendar for the next. */
function* wallTimesAfter(schedule: Timing, from: Date): Generator<Date, void> {
  const daily = /^cron\((?<minute>\d+) (?<hour>\d+) \* \* \? \*\)$/.exec(schedule.expression)?.groups;
  if (daily !== undefined) {
    const sinceMidnight = (Number(daily.hour) * 60 + Number(daily.minute)) * 60_000;
    const midnight = Math.floor(from.getTime() / DAY_MILLISECONDS) * DAY_MILLISECONDS;
    const today = midnight + sinceMidnight;
    for (let next = today > from.getTime() ? today : today + DAY_MILLISECONDS; ; next += DAY_MILLISECONDS) yield new Date(next);
  }
  const clock = wallClock(schedule);
  let wall: Date | null | undefined = from;
  while ((wall = clock?.nextRun(wall))) yield wall;
}

function periodMilliseconds(expression: string): number | undefined {
  const match = /^rate\((?<count>\d+) (?<unit>minute|hour)s?\)$/.exec(expression);
  if (match?.groups === undefined) return undefined;
  return Number(match.groups.count) * (match.groups.unit === "hour" ? 3_600_000 : 60_000);
}
