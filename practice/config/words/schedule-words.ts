import { checkCron } from "./aws-cron.ts";
import { firings } from "../../contract/clock/firings.ts";
import { nearestOf } from "./nearest.ts";
import { meaning, noMeaning, type Parsed } from "./parsed.ts";
import type { Schedule } from "./schedule.ts";
import { isZone } from "../../contract/clock/zone.ts";
import { timeOfDayIn } from "./time-of-day.ts";

const weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
const months = [
  "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
] as const;
const ordinals = ["first", "second", "third", "fourth", "last"] as const;

/** Days that every year has: a yearly task on 29 February would come every fourth year. */
const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;

const expected = "a schedule in words";
const examples = "write it as `daily at 01:30`, `weekly on sunday at 03:00`, `monthly on first sunday at 06:00`, " +
  "`every 15 minutes` or `cron(30 1 * * ? *)`";

interface Form {
  readonly pattern: RegExp;
  readonly expression: (parts: Readonly<Record<string, string>>) => Parsed<string>;
}

const at = String.raw`at (?<time>\S+)`;

const forms: readonly Form[] = [
  { pattern: new RegExp(`^daily ${at}$`), expression: ({ time }) => cron(time, "* * ?") },
  { pattern: new RegExp(`^weekly on (?<day>\\S+) ${at}$`), expression: ({ day, time }) => onWeekday(day, (name) => cron(time, `? * ${name}`)) },
  { pattern: new RegExp(`^monthly on last day ${at}$`), expression: ({ time }) => cron(time, "L * ?") },
  { pattern: new RegExp(`^monthly on day (?<date>\\d+) ${at}$`), expression: ({ date, time }) =>
    onDate(date, `for the end of the month write \`monthly on last day at ${said(time, "06:00")}\``, (day) => cron(time, `${day} * ?`)) },
  { pattern: new RegExp(`^monthly on (?<nth>${ordinals.join("|")}) (?<day>\\S+) ${at}$`), expression: ({ nth, day, time }) =>
    onWeekday(day, (_, number) => cron(time, nth === "last" ? `? * ${number}L` : `? * ${number}#${ordinals.findIndex((word) => word === nth) + 1}`)) },
  { pattern: new RegExp(`^quarterly on day (?<date>\\d+) ${at}$`), expression: ({ date, time }) =>
    onDate(date, `write \`quarterly on day ${Number(date) < 1 ? 1 : 28} at ${said(time, "06:00")}\``, (day) => cron(time, `${day} 1,4,7,10 ?`)) },
  { pattern: new RegExp(`^yearly on (?<month>[a-z]+) (?<date>\\d+) ${at}$`), expression: ({ month, date, time }) => onDayOfYear(month, date, time) },
  { pattern: /^every (?<count>\d+) (?<unit>minutes?|hours?)$/, expression: ({ count, unit }) => rate(Number(count), unit ?? "") },
  { pattern: /^cron\((?<body>.*)\)$/, expression: ({ body = "" }) => {
    const checked = checkCron(body);
    return checked.problem === undefined ? meaning(`cron(${checked.value})`) : checked;
  } },
];

/**
 * Words into what EventBridge Scheduler takes. A zone may follow (` UTC`, ` in Europe/Berlin`); without one the words
 * are meant in `timeZone`. `now` decides which schedules can still fire.
 */
export function parseSchedule(words: unknown, timeZone: string, now: Date = new Date()): Parsed<Schedule> {
  if (typeof words !== "string") return noMeaning(expected, examples);
  const { said: inZone, zone } = splitZone(words.trim().replaceAll(/\s+/g, " "));
  if (zone !== undefined && !isZone(zone)) {
    const near = nearestOf(zone, Intl.supportedValuesOf("timeZone"));
    return noMeaning("a time zone by its IANA name", `write \`in ${near ?? "Europe/Berlin"}\` or \`UTC\` at the end`);
  }
  const lower = inZone.toLowerCase();
  for (const { pattern, expression } of forms) {
    const match = pattern.exec(lower);
    if (match === null) continue;
    const read = expression(match.groups ?? {});
    return read.problem === undefined ? firingAgain({ words, expression: read.value, timeZone: zone ?? timeZone }, now) : read;
  }
  const near = nearestOf(lower.split(" ")[0] ?? "", ["daily", "weekly", "monthly", "quarterly", "yearly", "every"]);
  return noMeaning(expected, lower.startsWith("rate(") ? "write it as `every 15 minutes`" : near === undefined ? examples : formOf(near, lower));
}

/** With the person's own time of day, where one can be read. */
const formOf = (word: string, words: string): string => ({
  daily: `write it as \`daily at ${said(words, "01:30")}\``,
  weekly: `write it as \`weekly on sunday at ${said(words, "03:00")}\``,
  monthly: `write it as ${["first sunday", "day 1", "last day"].map((day) => `\`monthly on ${day} at ${said(words, "06:00")}\``).join(", ").replace(/, (?=[^,]*$)/, " or ")}`,
  quarterly: `write it as \`quarterly on day 1 at ${said(words, "06:00")}\``,
  yearly: `write it as \`yearly on march 1 at ${said(words, "06:00")}\``,
  every: "write it as `every 15 minutes` or `every 6 hours`, with a whole number",
})[word] ?? examples;

const said = (words: string | undefined, otherwise: string): string => timeOfDayIn(words ?? "") ?? otherwise;

function splitZone(words: string): { readonly said: string; readonly zone?: string } {
  const match = /^(?<said>.*?) (?:in (?<area>\S+)|(?<utc>utc))$/i.exec(words);
  if (match?.groups === undefined) return { said: words };
  const { said: before = words, area = "UTC" } = match.groups;
  return { said: before, zone: area };
}

function cron(time: string | undefined, days: string): Parsed<string> {
  const match = /^(?<hour>[01]\d|2[0-3]):(?<minute>[0-5]\d)$/.exec(time ?? "");
  if (match?.groups === undefined) return noMeaning("a time of day from 00:00 to 23:59", `write it with four digits, such as \`${said(time, "01:30")}\``);
  return meaning(`cron(${Number(match.groups.minute)} ${Number(match.groups.hour)} ${days} *)`);
}

function onWeekday(word: string | undefined, then: (name: string, number: number) => Parsed<string>): Parsed<string> {
  const index = weekdays.findIndex((name) => name === word);
  if (word !== undefined && index >= 0) return then(word.slice(0, 3).toUpperCase(), index + 1);
  const near = weekdays.find((name) => name.slice(0, 2) === word?.slice(0, 2)) ?? "sunday";
  return noMeaning("a weekday by its English name", `write \`${near}\``);
}

function onDate(date: string | undefined, wayOut: string, then: (day: number) => Parsed<string>): Parsed<string> {
  const day = Number(date);
  if (day >= 1 && day <= 28) return then(day);
  return noMeaning("a day that every month has, 1 to 28", wayOut);
}

function onDayOfYear(word: string | undefined, date: string | undefined, time: string | undefined): Parsed<string> {
  const month = months.findIndex((name) => name === word);
  const days = daysOfMonth[month];
  if (days === undefined) {
    return noMeaning("a month by its English name", `write \`${nearestOf(word ?? "", months) ?? "march"}\``);
  }
  const day = Number(date);
  if (day < 1 || day > days) return noMeaning(`a day from 1 to ${days}, which every ${word ?? ""} has`, `write \`yearly on ${word ?? ""} ${day < 1 ? 1 : days} at ${said(time, "06:00")}\``);
  return cron(time, `${day} ${month + 1} ?`);
}

/** EventBridge wants the singular with 1 and only then. A year is the longest that is still a rhythm. */
function rate(count: number, unit: string): Parsed<string> {
  const singular = unit.replace(/s$/, "");
  const most = singular === "hour" ? 8_760 : 525_600;
  if (count < 1 || count > most) return noMeaning(`a whole number of ${singular}s from 1 to ${most}`, "write it as `every 15 minutes` or `every 6 hours`");
  return meaning(`rate(${count} ${count === 1 ? singular : `${singular}s`})`);
}

/** A rhythm needs two firings: one alone has no gap that an alarm could measure. */
function firingAgain(schedule: Schedule, now: Date): Parsed<Schedule> {
  if (firings(schedule, now, 2).length === 2) return meaning(schedule);
  return noMeaning("a schedule that fires again and again", "this one never does: check day, month and year, or write `*` for the year");
}
