import { IANAZone } from "luxon";

/** A span of time in which a zone keeps one distance to UTC. Instants and offset in milliseconds; `until` is the next one's `from`. */
interface Stretch {
  readonly from: number;
  readonly until: number;
  readonly offset: number;
}

/** Clocks are put forward: wall-clock times from `from` (included) to `until` do not exist. As if the wall clock showed UTC. */
export interface ClockJump {
  readonly from: Date;
  readonly until: Date;
}

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;

/** The shortest time that a zone was put forward and back again was 28 days (Ramadan in Morocco): half of it misses none. */
const PROBE_MILLISECONDS = 14 * DAY;

/** No zone is further from UTC than 14 hours: a year's stretches reach over its ends by more than that. */
const OVERLAP_MILLISECONDS = 2 * DAY;

/** `Europe/Berlin` or `UTC`. Old short names (`EST`) are refused: some stay on winter time for ever. */
export const isZone = (name: string): boolean =>
  name === "UTC" || (/^[A-Z][A-Za-z_]+(\/[A-Z][A-Za-z0-9_+-]*)+$/.test(name) && IANAZone.isValidZone(name));

/** The instant at which the wall clock shows `wall`; the first of two; nothing where the clock skips it. */
export function instantOf(wall: Date, zone: string): Date | undefined {
  const shown = wall.getTime();
  const stretch = stretchesOf(zone, wall.getUTCFullYear())
    .find(({ from, until, offset }) => shown - offset >= from && shown - offset < until);
  return stretch === undefined ? undefined : new Date(shown - stretch.offset);
}

/** What the wall clock shows at an instant, as if it showed UTC. */
export function wallOf(instant: Date, zone: string): Date {
  const at = instant.getTime();
  const stretch = stretchesOf(zone, instant.getUTCFullYear()).find(({ from, until }) => at >= from && at < until);
  if (stretch === undefined) throw new RangeError(`Expected an instant of the calendar, got ${at}: give a valid Date.`);
  return new Date(at + stretch.offset);
}

/** Every jump whose night lies in the year. */
export function clockJumps(zone: string, year: number): readonly ClockJump[] {
  const stretches = stretchesOf(zone, year);
  return stretches.flatMap((before, index) => {
    const after = stretches[index + 1];
    if (after === undefined || after.offset <= before.offset) return [];
    const jump = { from: new Date(before.until + before.offset), until: new Date(before.until + after.offset) };
    return jump.from.getUTCFullYear() === year ? [jump] : [];
  });
}

const stretchesByYear = new Map<string, readonly Stretch[]>();

function stretchesOf(zone: string, year: number): readonly Stretch[] {
  const key = `${zone} ${year}`;
  const known = stretchesByYear.get(key);
  if (known !== undefined) return known;
  const found = findStretches(zone, Date.UTC(year) - OVERLAP_MILLISECONDS, Date.UTC(year + 1) + OVERLAP_MILLISECONDS);
  stretchesByYear.set(key, found);
  return found;
}

function findStretches(zone: string, start: number, end: number): readonly Stretch[] {
  if (zone === "UTC") return [{ from: start, until: end, offset: 0 }];
  const clock = IANAZone.create(zone);
  const offsetAt = (instant: number): number => clock.offset(instant) * MINUTE;

  const stretches: Stretch[] = [];
  let [from, offset] = [start, offsetAt(start)];
  for (let probe = start; probe < end; probe += PROBE_MILLISECONDS) {
    const next = Math.min(probe + PROBE_MILLISECONDS, end);
    const after = offsetAt(next);
    if (after === offset) continue;
    const change = firstMinuteAfter(offset, offsetAt, probe, next);
    stretches.push({ from, until: change, offset });
    [from, offset] = [change, after];
  }
  return [...stretches, { from, until: end, offset }];
}

/** Halves the span in which the offset ends until one minute is left: zones change on whole minutes. */
function firstMinuteAfter(before: number, offsetAt: (instant: number) => number, start: number, end: number): number {
  let [low, high] = [start / MINUTE, end / MINUTE];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetAt(middle * MINUTE) === before) low = middle;
    else high = middle;
  }
  return high * MINUTE;
}
