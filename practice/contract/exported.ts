/** A table or a collection, and what of it. */
export interface ExportedTable {
  /** PostgreSQL: with its schema, e.g. `public.users`. */
  readonly name: string;
  /** Columns, or fields. Absent: all. */
  readonly columns?: readonly string[];
}
