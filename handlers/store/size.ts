import type { BackupManifest } from "../../practice/contract/manifest.ts";

/** Nights that the newest is compared with: a week has every day of it once. */
export const SIZES_COMPARED = 7;

/** A median of fewer says little: a young system grows fast. */
const LEAST_SIZES = 3;

/** Below this a dump is more likely cut off or emptied than its source so much smaller. Percent of the median. */
export const TOO_SMALL_BELOW_PERCENT = 50;

/** Percent above or below the median from which a size has to be explained by somebody. */
export const SUSPICIOUS_ABOVE_PERCENT = 40;

/** What a backup's size is: of the copies that a list names, else of the stored dump. */
export const sizeOf = ({ object, inventory }: Pick<BackupManifest, "object" | "inventory">): number => inventory?.bytes ?? object.bytes;

/** How a size compares with those before it. */
export interface SizeComparison {
  readonly medianBytes: number;
  /** 100 where it is as large as the median. */
  readonly ofMedianPercent: number;
  /** How far off it is, up or down. */
  readonly offPercent: number;
  readonly verdict: "plausible" | "suspicious" | "too-small";
}

/**
 * Compares a backup's size with the median of up to seven before it; undefined where there are fewer than three. Those
 * found suspicious count in the median too: a system that has really shrunk is told about for four backups, not for ever.
 *
 * @param earlier Sizes of the sound backups before it, the newest first.
 */
export function compareSize(bytes: number, earlier: readonly number[]): SizeComparison | undefined {
  const sizes = earlier.slice(0, SIZES_COMPARED).toSorted((one, other) => one - other);
  if (sizes.length < LEAST_SIZES) return undefined;
  const upper = sizes[Math.floor(sizes.length / 2)] ?? 0;
  const lower = sizes[Math.ceil(sizes.length / 2) - 1] ?? 0;
  const medianBytes = (lower + upper) / 2;
  // No stored backup is empty, but a manifest may say so: nothing is so many percent of nothing.
  if (medianBytes === 0) return undefined;
  const ofMedianPercent = (bytes / medianBytes) * 100;
  const offPercent = Math.abs(ofMedianPercent - 100);
  const verdict = ofMedianPercent < TOO_SMALL_BELOW_PERCENT ? "too-small" : offPercent > SUSPICIOUS_ABOVE_PERCENT ? "suspicious" : "plausible";
  return { medianBytes, ofMedianPercent, offPercent, verdict };
}
