export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** The median is the figure: on a machine that does other things too, the mean measures those. */
export function spreadOf(values: readonly number[]): Spread {
  const ordered = values.toSorted((left, right) => left - right);
  const [min, median, max] = [ordered[0], ordered[Math.floor(ordered.length / 2)], ordered.at(-1)];
  if (min === undefined || median === undefined || max === undefined) throw new Error("Expected at least one run to measure, got none.");
  return { median, min, max };
}

export const rounded = (value: number, digits = 2): number => Number(value.toFixed(digits));
