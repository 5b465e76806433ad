import { parseDuration } from "./duration.ts";
import { noMeaning, meaning, type Parsed } from "./parsed.ts";
import { parseSchedule } from "./schedule-words.ts";
import type { Window } from "./schedule.ts";

const example = "weekly on tuesday at 04:00 for 1 hour";

/** `weekly on tuesday at 04:00 for 1 hour`: a schedule's words, and how long it lasts. */
export function parseWindow(words: unknown, timeZone: string, now: Date = new Date()): Parsed<Window> {
  const match = typeof words === "string" ? /^(?<opens>.+) for (?<length>.+)$/.exec(words.trim()) : null;
  if (match?.groups === undefined || typeof words !== "string" || /^every /i.test(words)) {
    return noMeaning("a window in words", `write it as \`${example}\``);
  }
  const schedule = parseSchedule(match.groups.opens, timeZone, now);
  if (schedule.problem !== undefined) return schedule;
  const length = parseDuration(match.groups.length, { units: ["minutes", "hours"], least: "10 minutes", most: "24 hours", example: "1 hour" });
  if (length.problem !== undefined) return noMeaning(`a window whose length is ${length.problem.expected}`, `write it as \`${example}\``);
  return meaning({ words, schedule: schedule.value, minutes: length.value / 60_000 });
}
