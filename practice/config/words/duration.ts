import { meaning, noMeaning, type Parsed } from "./parsed.ts";

/** Milliseconds of each unit. Months and years are left out: they have no fixed length. */
const unitMilliseconds = {
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
  days: 86_400_000,
  weeks: 604_800_000,
} as const;

export type DurationUnit = keyof typeof unitMilliseconds;

/** What a duration may be: its units, its least and its most (both included), and an example that people can copy. */
export interface DurationBounds {
  readonly units: readonly [DurationUnit, ...DurationUnit[]];
  readonly least: string;
  readonly most: string;
  readonly example: string;
}

/** `30 days`, `1 hour`, `200 ms` into milliseconds. Whole numbers only: `1.5 hours` is `90 minutes`. */
export function parseDuration(words: unknown, bounds: DurationBounds): Parsed<number> {
  const expected = `${spoken(bounds.units)} in words`;
  if (typeof words === "number") {
    const said = Number.isInteger(words) && words > 0 ? inUnit(words, bounds.units[0]) : bounds.example;
    return noMeaning(`${expected}, with the unit`, `write \`${said}\``);
  }
  const read = typeof words === "string" ? readDuration(words) : undefined;
  if (read === undefined) return noMeaning(expected, `write it as \`${bounds.example}\`, with a whole number`);
  if (!bounds.units.includes(read.unit)) return noMeaning(expected, `write it as \`${bounds.example}\``);

  const milliseconds = read.count * unitMilliseconds[read.unit];
  const outside = milliseconds < known(bounds.least) || milliseconds > known(bounds.most);
  return outside
    ? noMeaning(`${expected}, from ${bounds.least} to ${bounds.most}`, `write it as \`${bounds.example}\``)
    : meaning(milliseconds);
}

/** The same words without bounds; nothing where they are no duration. */
function readDuration(words: string): { readonly count: number; readonly unit: DurationUnit } | undefined {
  const match = /^(?<count>\d{1,9}) (?<unit>ms|[a-z]+)$/.exec(words.trim());
  if (match?.groups === undefined) return undefined;
  const { count = "", unit: word = "" } = match.groups;
  const unit = word === "ms" ? "milliseconds" : units.find((name) => name === word || name === `${word}s`);
  return unit === undefined ? undefined : { count: Number(count), unit };
}

const units = Object.keys(unitMilliseconds) as DurationUnit[];

function known(words: string): number {
  const read = readDuration(words);
  if (read === undefined) throw new TypeError(`Expected a duration as a bound, got "${words}": write it as "30 days".`);
  return read.count * unitMilliseconds[read.unit];
}

const inUnit = (count: number, unit: DurationUnit): string =>
  unit === "milliseconds" ? `${count} ms` : `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;

const spoken = (allowed: readonly DurationUnit[]): string =>
  allowed.length === 1 ? allowed.join("") : `${allowed.slice(0, -1).join(", ")} or ${allowed.at(-1) ?? ""}`;
