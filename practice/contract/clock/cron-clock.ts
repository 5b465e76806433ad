import { Cron } from "croner";

/** The greatest number of each field of EventBridge Scheduler's cron: minutes, hours, day of month, month, day of week, year. */
const most = [59, 23, 31, 12, 7, 2199] as const;

const DAY_OF_WEEK = 4;

/** The wall clock of an expression that was checked. Evaluated in UTC, so that every wall-clock time exists once. */
export function cronClock(body: string): Cron {
  const parts = body.split(" ").map(forCroner);
  return new Cron(`0 ${parts.join(" ")}`, { paused: true, mode: "7-part", alternativeWeekdays: true, utcOffset: 0 });
}

/** Two dialects: `?` is `*`, `5/10` is `5-59/10`, and a lone `L` as day of week is the week's last day, Saturday. */
function forCroner(part: string, field: number): string {
  if (part === "?") return "*";
  if (part === "L" && field === DAY_OF_WEEK) return "7";
  return part.replaceAll(/(^|,)(\w+)\/(\d+)/g, (_, start: string, low: string, step: string) => `${start}${low}-${most[field] ?? low}/${step}`);
}
