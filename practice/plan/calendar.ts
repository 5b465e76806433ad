import { firings, longestGapSeconds, type Schedule, type Window } from "../config/words/schedule.ts";
import { wallOf } from "../contract/clock/zone.ts";

/** The year over which gaps are measured. Fixed, so that one stack file always gives one plan; a leap year, so that no day is left out. */
const REFERENCE_YEAR = new Date("2028-01-01T00:00:00Z");
const END_OF_REFERENCE = new Date("2029-01-01T00:00:00Z");

/** A day is 25 hours long once a year. */
const DAILY_AT_MOST_SECONDS = 25 * 3600;

const DAY_SECONDS = 86_400;

/** Longest time between two runs, in seconds. */
export const gapSeconds = (schedule: Schedule): number => longestGapSeconds(schedule, REFERENCE_YEAR);

/** Days between two runs, over the year. */
export const averageGapDays = (schedule: Schedule): number => 366 / firings(schedule, REFERENCE_YEAR, END_OF_REFERENCE).length;

export const runsDaily = (schedule: Schedule): boolean => gapSeconds(schedule) <= DAILY_AT_MOST_SECONDS;

/** `97200` -> `27 hours`, `615600` -> `7 days 3 hours`. From two days on in days: people count nights, not hours. */
export function inWords(seconds: number): string {
  const days = seconds >= 2 * DAY_SECONDS ? Math.floor(seconds / DAY_SECONDS) : 0;
  const rest = seconds - days * DAY_SECONDS;
  const parts = [[days, "day"], [Math.floor(rest / 3600), "hour"], [Math.floor((rest % 3600) / 60), "minute"], [rest % 60, "second"]] as const;
  return parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}${count === 1 ? "" : "s"}`).join(" ") || "0 seconds";
}

/** `a Sunday at 01:30 (Europe/Berlin)`: of a run in the reference year, which nobody looks for in a calendar. */
export function weekdayOf(run: Date, { timeZone }: Schedule): string {
  const wall = wallOf(run, timeZone);
  return `a ${wall.toLocaleDateString("en", { weekday: "long", timeZone: "UTC" })} at ${wall.toISOString().slice(11, 16)} (${timeZone})`;
}

/**
 * The first minute of the reference year in which both start, or nothing. Only the cloud knows when it began to count
 * `every 6 hours`, so such a schedule shares no minute that could be known.
 */
export function sharedStart(one: Schedule, other: Schedule): Date | undefined {
  if ([one, other].some(({ expression }) => expression.startsWith("rate("))) return undefined;
  const starts = new Set(firings(other, REFERENCE_YEAR, END_OF_REFERENCE).map((start) => start.getTime()));
  return firings(one, REFERENCE_YEAR, END_OF_REFERENCE).find((start) => starts.has(start.getTime()));
}

/** The first run in the reference year that may still be under way in the window, or nothing. */
export function overlappingRun(schedule: Schedule, window: Window, runSeconds: number): Date | undefined {
  const openings = firings(window.schedule, REFERENCE_YEAR, END_OF_REFERENCE).map((opening) => opening.getTime());
  return firings(schedule, REFERENCE_YEAR, END_OF_REFERENCE).find((run) => openings.some((opening) =>
    run.getTime() < opening + window.minutes * 60_000 && opening < run.getTime() + runSeconds * 1000));
}
