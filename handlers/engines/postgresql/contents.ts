import { createHash } from "node:crypto";
import type { Contents } from "../../../practice/contract/manifest.ts";
import type { Session } from "./session.ts";
import { type DumpedTable, identifier } from "./tables.ts";

/**
 * The sum of a 64-bit hash of each row's text, over its stored columns in the order of their names: one changed byte
 * changes it, the order of rows does not, and a row that is there twice counts twice.
 */
const ROWS_1 = "postgresql-rows-1";

/** Before, the same float had other digits, and the same rows another hash. */
const FIRST_WITH_HASHES = 12;

/** A manifest names this many tables by themselves; with more it has one entry for each schema, then one for all. */
const NAMED_TABLES = 10_000;

/** Name of the large objects among the tables; no table's name has a blank outside quotes. */
const LARGE_OBJECTS = "large objects";

export interface Measuring {
  readonly session: Session;
  readonly tables: readonly DumpedTable[];
  readonly major: number;
}

/** Exact counts and hashes of all that a dump of the session's snapshot holds. Reads every row once. */
export async function measureContents(measuring: Measuring): Promise<Contents> {
  const { session, tables, major } = measuring;
  const hashing = major >= FIRST_WITH_HASHES;
  const entries: Entry[] = [];
  for (const table of tables) {
    const [row] = table.from === undefined ? [NO_ROWS] : await session.rows<Counted>(countOf(table.columns, table.from, hashing));
    entries.push({ ...table, ...expectOne(row, table.key) });
  }
  const [largeObjects] = await session.rows<Counted>(hashing ? HASHED_LARGE_OBJECTS : "select row_to_json(t) from (select count(*) as count from pg_largeobject_metadata) t");
  const { count, hash } = expectOne(largeObjects, LARGE_OBJECTS);
  if (count > 0) entries.push({ schema: LARGE_OBJECTS, key: LARGE_OBJECTS, count, ...(hash === undefined ? {} : { hash }) });

  const named = bounded(entries);
  return {
    counts: Object.fromEntries(named.map((entry) => [entry.key, entry.count])),
    ...(hashing ? { hashes: Object.fromEntries(named.map((entry) => [entry.key, entry.hash ?? ""])), hashedBy: await hashedBy(session) } : {}),
    ...await needsOf(session),
  };
}

/** Without reading a row: a table without a single page has none. Absent as soon as one of them has any. */
export async function countsOfEmptied({ session, tables }: Measuring): Promise<Partial<Contents>> {
  const oids = tables.map(({ oid }) => oid).join(",");
  const filled = await session.rows(`select to_json(oid::bigint) from unnest('{${oids}}'::oid[]) oid where pg_relation_size(oid) > 0 limit 1`);
  const largeObjects = await session.rows("select to_json(oid::bigint) from pg_largeobject_metadata limit 1");
  const needs = await needsOf(session);
  if (filled.length > 0 || largeObjects.length > 0) return needs;
  return { ...needs, counts: Object.fromEntries(bounded(tables.map((table) => ({ ...table, count: 0 }))).map(({ key }) => [key, 0])) };
}

/** The bytes that are hashed depend on the database's encoding: where it is not the usual one, its name is part of the way. */
async function hashedBy(session: Session): Promise<string> {
  const [encoding] = await session.rows<string>("select to_json(current_setting('server_encoding'))");
  return encoding === "UTF8" ? ROWS_1 : `${ROWS_1}-${encoding ?? "unknown"}`;
}

/** What a server must have before the dump is read. */
async function needsOf(session: Session): Promise<Pick<Contents, "extensions" | "roles">> {
  const roles = await session.rows<string>(ROLES);
  return { extensions: await extensionsOf(session), ...(roles.length > 0 ? { roles } : {}) };
}

/** Every server has those that begin with `pg_`. Owners and grants name roles too, and a restore leaves them out. */
const ROLES = `
select to_json(rolname) from pg_roles
where rolname !~ '^pg_' and (oid in (select unnest(polroles) from pg_policy) or oid in (select umuser from pg_user_mappings))
order by rolname`;

const extensionsOf = async (session: Session): Promise<Readonly<Record<string, string>>> => Object.fromEntries(
  (await session.rows<{ readonly name: string; readonly version: string }>(
    "select row_to_json(t) from (select extname as name, extversion as version from pg_extension order by 1) t",
  )).map(({ name, version }) => [name, version]),
);

interface Counted {
  readonly count: number;
  readonly hash?: string;
}

interface Entry extends Counted {
  readonly schema: string;
  readonly key: string;
}

/** The hash of a text depends on the collation it is compared in; in "C" it is that of its bytes. */
const hashOf = (text: string): string => `coalesce(sum(hashtextextended((${text}) collate "C", 0)), 0)::text as hash`;

const NO_ROWS: Counted = { count: 0, hash: "0" };

function countOf(columns: readonly string[], from: string, hashing: boolean): string {
  const row = `row(${columns.map((column) => `t.${identifier(column)}`).join(", ")})::text`;
  return `select row_to_json(counted) from (select count(*) as count${hashing ? `, ${hashOf(row)}` : ""} ${from}) counted`;
}

/** In pieces: a large object may be larger than any value. 262144 is the mode that opens one for reading. */
const HASHED_LARGE_OBJECTS = `
select row_to_json(counted) from (
  with sized as materialized (select oid, lo_lseek64(lo_open(oid, 262144), 0, 2) as bytes from pg_largeobject_metadata)
  select (select count(*) from sized) as count, ${hashOf("oid::text || ' ' || piece || ' ' || encode(sha256(lo_get(oid, piece * 16777216, 16777216)), 'hex')")}
  from sized, generate_series(0, bytes / 16777216) piece
) counted`.replaceAll("\n", " ");

function expectOne(counted: Counted | undefined, key: string): Counted {
  if (counted !== undefined && Number.isSafeInteger(counted.count)) return counted;
  throw new Error(`Expected a count of ${key}, got ${JSON.stringify(counted)}.`);
}

/** The same tables give the same names, so that two measurements can still be held against each other. */
function bounded(entries: readonly Entry[]): readonly Entry[] {
  if (entries.length <= NAMED_TABLES) return entries;
  const schemas = new Map<string, Entry[]>();
  for (const entry of entries) {
    const own = schemas.get(entry.schema);
    if (own === undefined) schemas.set(entry.schema, [entry]);
    else own.push(entry);
  }
  const bySchema = [...schemas].map(([schema, own]) => sumOf(`${schema}.*`, own));
  return bySchema.length <= NAMED_TABLES ? bySchema : [sumOf("*", entries)];
}

function sumOf(key: string, entries: readonly Entry[]): Entry {
  const hash = createHash("sha256");
  for (const entry of entries) hash.update(`${entry.key} ${entry.count} ${entry.hash ?? ""}\n`);
  return { schema: "", key, count: entries.reduce((sum, { count }) => sum + count, 0), hash: hash.digest("hex") };
}
