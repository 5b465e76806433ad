import { firings, longestGapSeconds, type Schedule, type Window } from "../config/words/schedule.ts";

/** The year over which gaps are measured. Fixed, so that one stack file always gives one plan; a leap year, so that no day is left out. */
const REFERENCE_YEAR = new Date("2028-01-01T00:00:00Z");
const END_OF_REFERENCE = new Date("2029-01-01T00:00:00Z");

/** A day is 25 hours long once a year. */
const DAILY_AT_MOST_SECONDS = 25 * 3600;

/** Longest time between two runs, in seconds. */
export const gapSeconds = (schedule: Schedule): number => longestGapSeconds(schedule, REFERENCE_YEAR);

/** Days between two runs, over the year. */
export const averageGapDays = (schedule: Schedule): number => 366 / firings(schedule, REFERENCE_YEAR, END_OF_REFERENCE).length;

export const runsDaily = (schedule: Schedule): boolean => gapSeconds(schedule) <= DAILY_AT_MOST_SECONDS;

/** `93600` -> `26 hours`: the largest unit that says it exactly. */
export function inWords(seconds: number): string {
  const unit = ([["days", 86_400], ["hours", 3_600], ["minutes", 60], ["seconds", 1]] as const)
    .find(([name, size]) => seconds % size === 0 && (name !== "days" || seconds >= 2 * size)) ?? ["seconds", 1];
  const count = seconds / unit[1];
  return `${count} ${count === 1 ? unit[0].slice(0, -1) : unit[0]}`;
}

/** A backup may still be running this long after its start: the limit of a Lambda function. */
const RUN_MILLISECONDS = 15 * 60_000;

/** The first run in the reference year that meets the window, or nothing. */
export function overlappingRun(schedule: Schedule, window: Window): Date | undefined {
  const openings = firings(window.schedule, REFERENCE_YEAR, END_OF_REFERENCE).map((opening) => opening.getTime());
  return firings(schedule, REFERENCE_YEAR, END_OF_REFERENCE).find((run) => openings.some((opening) =>
    run.getTime() < opening + window.minutes * 60_000 && opening < run.getTime() + RUN_MILLISECONDS));
}
