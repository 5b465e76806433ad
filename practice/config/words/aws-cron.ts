import { meaning, noMeaning, type Parsed } from "./parsed.ts";

interface Field {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names: readonly string[];
  /** What a field may hold beside numbers, ranges and steps; it then stands alone. */
  readonly alone?: RegExp;
}

const monthNames = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"] as const;
const dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

/** Fields and limits of EventBridge Scheduler's cron; Sunday is 1. */
const fields: readonly Field[] = [
  { name: "minutes", least: 0, most: 59, names: [] },
  { name: "hours", least: 0, most: 23, names: [] },
  { name: "day of month", least: 1, most: 31, names: [], alone: /^(\?|L|([1-9]|[12]\d|3[01])W)$/ },
  { name: "month", least: 1, most: 12, names: monthNames },
  { name: "day of week", least: 1, most: 7, names: dayNames, alone: /^(\?|L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5]))$/ },
  { name: "year", least: 1970, most: 2199, names: [] },
];

const form = "cron(minutes hours day-of-month month day-of-week year)";

/** Checks the six fields as AWS does: what is refused there at deployment is refused here at once. */
export function checkCron(body: string): Parsed<string> {
  const parts = body.trim().toUpperCase().split(/\s+/);
  if (parts.length !== fields.length) {
    return noMeaning(`six fields, ${form}`, `it has ${parts.length}; for two o'clock every night write \`cron(0 2 * * ? *)\``);
  }
  for (const [index, field] of fields.entries()) {
    const reason = refusal(parts[index] ?? "", field);
    if (reason !== undefined) return noMeaning(form, `${reason} in ${field.name}`);
  }
  if ((parts[2] === "?") === (parts[4] === "?")) {
    return noMeaning(form, "put `?` in exactly one of day of month and day of week");
  }
  return meaning(parts.join(" "));
}

function refusal(part: string, field: Field): string | undefined {
  if (field.alone?.test(part) === true) return undefined;
  return part.split(",").map((item) => itemRefusal(item, field)).find((reason) => reason !== undefined);
}

function itemRefusal(item: string, field: Field): string | undefined {
  const match = /^(?:(?<all>\*)|(?<from>\w+)(?:-(?<to>\w+))?)(?:\/(?<step>\d+))?$/.exec(item);
  if (match?.groups === undefined) {
    return /[LW#?]/.test(item) ? `\`${item}\` cannot stand here or not beside others` : `\`${item}\` is not understood`;
  }
  const { from, to, step } = match.groups;
  const [low, high] = [from, to].map((text) => (text === undefined ? undefined : numberOf(text, field)));
  const outside = [[from, low], [to, high]].find(([text, value]) => text !== undefined && value === undefined);
  if (outside !== undefined) return `\`${outside[0]}\` is no number from ${field.least} to ${field.most}`;
  if (low !== undefined && high !== undefined && low > high) return `the range \`${item}\` runs backwards: write it as two`;
  if (step !== undefined && Number(step) === 0) return `a step of 0 goes nowhere`;
  return undefined;
}

function numberOf(text: string, field: Field): number | undefined {
  const named = field.names.indexOf(text);
  const value = named >= 0 ? named + field.least : /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.least && value <= field.most ? value : undefined;
}
