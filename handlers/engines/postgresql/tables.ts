import type { Session } from "./session.ts";

/** A table that pg_dump reads. */
export interface DumpedTable {
  /** As counts and hashes name it, e.g. `public.users`. */
  readonly key: string;
  /** As keys name it. */
  readonly schema: string;
  /** As SQL names it. */
  readonly name: string;
  readonly oid: number;
  /** A partitioned one, which has its rows in others. */
  readonly parent: boolean;
  /** `from only "public"."users" t`, with what more a query of just the dumped rows needs. Absent: a dump has no row of it. */
  readonly from?: string;
  /** Those that are stored, in the order of their names: a restored table may have them in another one. */
  readonly columns: readonly string[];
}

interface TableRow {
  readonly oid: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly string[];
  /** Of an extension's own table: which rows are the person's, as SQL. */
  readonly condition: string | null;
  readonly parent: boolean;
  readonly unread: boolean;
}

/**
 * What pg_dump writes rows of: ordinary tables and partitions, not the partitioned ones above them; of an extension's
 * tables those that it declares as configuration; no foreign tables. Materialized views are computed again by a restore,
 * and generated columns too. A standby cannot read unlogged tables, and its dumps have no rows of them.
 */
const DUMPED = `
select row_to_json(dumped) from (
  select c.oid::bigint as oid, n.nspname as schema, c.relname as name, configuration.condition,
    c.relkind = 'p' as parent, c.relpersistence = 'u' and pg_is_in_recovery() as unread,
    array(select a.attname from pg_attribute a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
      order by a.attname) as columns
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  left join lateral (
    select e.extcondition[place] as condition from pg_extension e, generate_subscripts(e.extconfig, 1) place
    where e.extconfig[place] = c.oid
  ) configuration on true
  where c.relkind in ('r', 'p') and c.relpersistence <> 't' and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'
    and (configuration.condition is not null or not exists (
      select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))
  order by n.nspname, c.relname
) dumped`;

/** PostgreSQL 11 has no generated columns. */
export async function dumpedTables(session: Session, major: number): Promise<readonly DumpedTable[]> {
  const found = await session.rows<TableRow>(major >= 12 ? DUMPED : DUMPED.replace(" and a.attgenerated = ''", ""));
  return found.map(({ schema, name, condition, unread, ...row }) => {
    const quoted = `${identifier(schema)}.${identifier(name)}`;
    return {
      ...row, key: `${word(schema)}.${word(name)}`, schema: word(schema), name: quoted,
      ...(unread ? {} : { from: `from only ${quoted} t ${condition ?? ""}` }),
    };
  });
}

/** Tables in one statement: it has to be parsed as a whole. */
const LOCKED_TOGETHER = 200;

/**
 * Nobody may empty, rewrite or drop a table between the dump's reading of it and ours: TRUNCATE and ALTER TABLE show
 * through a snapshot that is older than they are. The lock is the one that every SELECT takes.
 */
export async function lockTables(session: Session, tables: readonly DumpedTable[]): Promise<void> {
  for (let first = 0; first < tables.length; first += LOCKED_TOGETHER) {
    const names = tables.slice(first, first + LOCKED_TOGETHER).map(({ name }) => `only ${name}`);
    await session.run(`lock table ${names.join(", ")} in access share mode;`);
  }
}

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** As people write it. PostgreSQL's own quoting depends on the key words of its version. */
const word = (name: string): string => (/^[a-z_][a-z0-9_$]*$/.test(name) ? name : identifier(name));
