/** A value as it was written: keys with values, or as if it had none. Arrays are no mappings. */
export const mapping = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
