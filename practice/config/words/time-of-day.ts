const byHalf = /\b(?<hour>\d{1,2})(?:[:.](?<minute>\d{2}))?\s*(?<half>am|pm)\b/i;
const byDay = /\b(?<hour>\d{1,2})[:.](?<minute>\d{2})\b/;

/** The time of day that somebody meant, as far as it can be read: of `2 am`, `2:00` and `02.00` it is `02:00`. */
export function timeOfDayIn(words: string): string | undefined {
  const found = byHalf.exec(words) ?? byDay.exec(words);
  const { hour = "", minute = "00", half } = found?.groups ?? {};
  if (hour === "" || Number(minute) > 59 || Number(hour) > 23) return undefined;
  if (half !== undefined && (hour === "0" || Number(hour) > 12)) return undefined;
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toLowerCase() === "pm" ? 12 : 0);
  return `${String(hours).padStart(2, "0")}:${minute}`;
}

/** So many hours after the time in these words, which may be on the next day; undefined where they have none. */
export function laterInDay(words: string, hours: number): string | undefined {
  const [hour = "", minute = ""] = timeOfDayIn(words)?.split(":") ?? [];
  return hour === "" ? undefined : `${String((Number(hour) + hours) % 24).padStart(2, "0")}:${minute}`;
}
