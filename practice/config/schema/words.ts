import { parseDuration, type DurationBounds } from "../words/duration.ts";
import { missingNight } from "../words/night.ts";
import { meaning, noMeaning, type Parsed } from "../words/parsed.ts";
import { firings, parseSchedule, type Schedule, type Window } from "../words/schedule.ts";
import { timeOfDayIn } from "../words/time-of-day.ts";
import { parseWindow } from "../words/window.ts";
import { leaf } from "./leaf.ts";

/** What words about time are meant in. */
export interface Clock {
  readonly timeZone: string;
  readonly now: Date;
}

/** When something runs. A night that would be left out is refused, since nobody would see it coming. */
export const schedule = (clock: Clock) => leaf<Schedule>(readSchedule(clock));

const readSchedule = ({ timeZone, now }: Clock) => (value: unknown): Parsed<Schedule> => {
  const parsed = parseSchedule(value, timeZone, now);
  if (parsed.problem !== undefined) return parsed;
  const night = missingNight(parsed.value, now);
  return night === undefined ? parsed : { problem: night };
};

/** A run may take this long: its two attempts and the pause between them. Runs that overlap would dump one database twice. */
const LONGEST_RUN_MINUTES = 40;
const LEAST_GAP_MINUTES = 60;

/** A day of runs at the least gap, and the first of the next: what comes closer does so within them. */
const RUNS_LOOKED_AT = 25;

/** When a backup runs: at most once an hour. */
export const backupSchedule = (clock: Clock) => {
  const read = readSchedule(clock);
  return leaf<Schedule>((value) => {
    const parsed = read(value);
    if (parsed.problem !== undefined || !closerThan(LEAST_GAP_MINUTES, parsed.value, clock.now)) return parsed;
    return noMeaning(
      `a backup at most once an hour, because a run may take ${LONGEST_RUN_MINUTES} minutes (two attempts of 15 and a pause of 10)`,
      "write `every 1 hour` or less often; what may lose less than an hour needs `snapshots` of the database's provider, whose pointInTime goes back to any second",
    );
  });
};

const WEEK_MINUTES = 7 * 24 * 60;

/** A week in which clocks change has an hour more or less. */
const CLOCK_CHANGE_MINUTES = 60;

/** A year, with both of its changes of the clocks. */
const WEEKS_LOOKED_AT = 54;

/** When something runs once a week. */
export const weeklySchedule = (clock: Clock) => {
  const read = readSchedule(clock);
  return leaf<Schedule>((value) => {
    const parsed = read(value);
    if (parsed.problem !== undefined || gapMinutes(parsed.value, clock.now, WEEKS_LOOKED_AT).every((gap) => Math.abs(gap - WEEK_MINUTES) <= CLOCK_CHANGE_MINUTES)) return parsed;
    return noMeaning("a schedule of once a week", `write it as \`weekly on sunday at ${timeOfDayIn(parsed.value.words) ?? "03:00"}\``);
  });
};

const closerThan = (minutes: number, said: Schedule, now: Date): boolean => gapMinutes(said, now, RUNS_LOOKED_AT).some((gap) => gap < minutes);

/** Between the next runs, one after the other. */
function gapMinutes(said: Schedule, now: Date, runsLookedAt: number): readonly number[] {
  const runs = firings(said, now, runsLookedAt);
  return runs.slice(1).map((run, index) => (run.getTime() - (runs[index]?.getTime() ?? run.getTime())) / 60_000);
}

export const window = ({ timeZone, now }: Clock) => leaf<Window>((value) => parseWindow(value, timeZone, now));

const duration = (unitMilliseconds: number, bounds: DurationBounds) =>
  leaf<number>((value) => {
    const parsed = parseDuration(value, bounds);
    return parsed.problem === undefined ? meaning(parsed.value / unitMilliseconds) : parsed;
  });

/** How long something is kept, in days. Ten years is more than any of the guides asks for. */
export const keepDays = (example: string) => duration(86_400_000, { units: ["days"], least: "1 day", most: "3650 days", example });

/** How far back a managed database can be set to any second, in days. AWS Backup and RDS keep at most 35. */
export const pointInTimeDays = duration(86_400_000, { units: ["days"], least: "1 day", most: "35 days", example: "7 days" });

/** The same where weeks are what people count. */
export const keepWeeks = duration(86_400_000, { units: ["weeks", "days"], least: "1 day", most: "520 weeks", example: "12 weeks" });

/** How late something may be or how soon someone answers, in seconds. */
export const seconds = (example: string) => duration(1_000, { units: ["minutes", "hours", "days"], least: "1 minute", most: "30 days", example });

/** How often an endpoint is asked, in seconds. Below a minute it costs more than it tells. */
export const pollSeconds = duration(1_000, { units: ["minutes", "hours"], least: "1 minute", most: "24 hours", example: "5 minutes" });

/** How long an answer takes, in milliseconds. */
export const latencyMilliseconds = (example: string) => duration(1, { units: ["milliseconds", "seconds"], least: "1 ms", most: "60 seconds", example });
