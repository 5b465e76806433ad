import { setInterval } from "node:timers";
import type { Live } from "../live.ts";

const units = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

/** `1.2 GiB`: three digits at most, as people compare sizes. */
export function sizeInWords(bytes: number): string {
  const power = Math.min(units.length - 1, bytes < 1024 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power] ?? "B"}`;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `3 s`, `12 min`, `5 h 10 min`, `12 days`: two places at most. */
export function spanInWords(seconds: number): string {
  if (seconds < MINUTE) return `${seconds < 10 && !Number.isInteger(seconds) ? seconds.toFixed(1) : Math.round(seconds)} s`;
  const minutes = Math.round(seconds / MINUTE);
  if (seconds < 10 * MINUTE) return `${Math.floor(seconds / MINUTE)} min ${Math.floor(seconds % MINUTE)} s`;
  if (seconds < HOUR) return `${minutes} min`;
  if (seconds < 2 * DAY) return `${Math.floor(seconds / HOUR)} h ${Math.floor((seconds % HOUR) / MINUTE)} min`;
  return `${Math.floor(seconds / DAY)} days`;
}

/** What takes no longer needs no word. */
const SILENT_MILLISECONDS = 2_000;
const EVERY_MILLISECONDS = 500;

/** Shows a line that says how far the work is, as soon as it takes more than two seconds. */
export async function watched<Result>(live: Live, howFar: (seconds: number) => string, work: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const milliseconds = performance.now() - startedAt;
    if (milliseconds >= SILENT_MILLISECONDS) live.progress(howFar(milliseconds / 1000));
  }, EVERY_MILLISECONDS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    live.progress("");
  }
}
