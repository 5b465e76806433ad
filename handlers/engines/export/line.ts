import * as z from "zod/mini";

/** Changes when the lines do. */
export const HASHED_BY = "export-rows-1";

const name = z.string().check(z.minLength(1));

/** A row of a table, or the end of a table with the number of its rows: a part that was cut off has none. */
const lineShape = z.union([z.strictObject({ table: name, row: z.record(z.string(), z.json()) }), z.strictObject({ table: name, rows: z.int().check(z.nonnegative()) })]);

export type ExportLine = z.infer<typeof lineShape>;

export const endOf = (table: string, rows: number): string => JSON.stringify({ table, rows });

/** What stands before a row, so that a server can write the whole line. */
export const startOf = (table: string): string => `{"table":${JSON.stringify(table)},"row":`;

export function readLine(line: string, number: number): ExportLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new Error(`line ${number} is no JSON`, { cause: error });
  }
  const result = lineShape.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`line ${number} is neither a row of a table nor the end of one`);
}
