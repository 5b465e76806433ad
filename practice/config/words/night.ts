import type { Explanation } from "./parsed.ts";
import { wallClock } from "../../contract/clock/firings.ts";
import type { Schedule } from "./schedule.ts";
import { clockJumps, instantOf, type ClockJump } from "../../contract/clock/zone.ts";

/** A date falls on the same weekday again after 12 years at the latest: every night that can be skipped is among them. */
const YEARS_AHEAD = 12;

/**
 * The first night on which the schedule would be left out because clocks are put forward over its time, explained;
 * nothing when there is none. Times that come so often that the pause grows no longer (every hour) are fine.
 */
export function missingNight(schedule: Schedule, now: Date): Explanation | undefined {
  const thisYear = now.getUTCFullYear();
  const jumps = (from: number, until: number): readonly ClockJump[] =>
    Array.from({ length: until - from + 1 }, (_, index) => clockJumps(schedule.timeZone, from + index)).flat();

  // Clocks change at the same time of day every year: most schedules are done after a look at this one and the next.
  if (!jumps(thisYear, thisYear + 1).some((jump) => asksDuring(onEveryDay(schedule), jump))) return undefined;

  const jump = jumps(thisYear, thisYear + YEARS_AHEAD).find((night) => night.from > now && leavesOut(schedule, night));
  if (jump === undefined) return undefined;
  const [from, until] = [timeOf(jump.from), timeOf(jump.until)];
  return {
    expected: "a time that every night has",
    wayOut: `on ${dayOf(jump.from)} clocks in ${schedule.timeZone} go from ${from} to ${until}: ` +
      `choose a time before ${from} or from ${until} on, or write \`${withoutZone(schedule.words)} UTC\``,
  };
}

const onEveryDay = (schedule: Schedule): Schedule =>
  ({ ...schedule, expression: schedule.expression.replace(/^cron\((\S+ \S+) .*\)$/, "cron($1 * * ? *)") });

function asksDuring(schedule: Schedule, jump: ClockJump): boolean {
  const first = wallClock(schedule)?.nextRun(new Date(jump.from.getTime() - 1000));
  return first !== null && first !== undefined && first < jump.until;
}

function leavesOut(schedule: Schedule, jump: ClockJump): boolean {
  if (!asksDuring(schedule, jump)) return false;
  const clock = wallClock(schedule);
  const asked: Date[] = [];
  const [before] = clock?.previousRuns(1, jump.from) ?? [];
  for (let wall = clock?.nextRun(before); wall; wall = clock?.nextRun(wall)) {
    asked.push(wall);
    if (wall >= jump.until) break;
  }
  const after = asked.at(-1);
  if (before === undefined || after === undefined) return false;

  const pauses = asked.map((wall, index) => wall.getTime() - (asked[index - 1] ?? before).getTime());
  const [first, last] = [instantOf(before, schedule.timeZone), instantOf(after, schedule.timeZone)];
  return first !== undefined && last !== undefined && last.getTime() - first.getTime() > Math.max(...pauses);
}

const timeOf = (wall: Date): string => wall.toISOString().slice(11, 16);
const weekdayNames = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"] as const;
const dayOf = (wall: Date): string => `${weekdayNames[wall.getUTCDay()] ?? ""}, ${wall.toISOString().slice(0, 10)}`;
const withoutZone = (words: string): string => words.trim().replace(/ (in \S+|utc)$/i, "");
