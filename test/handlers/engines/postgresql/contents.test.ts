import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import type { Content, DumpDescription } from "../../../../handlers/engines/dump.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { describeWithParts, programFolder, programPath } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";

const waitingForLocks = "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";

/** Nobody has made it yet. */
function goFile(): string {
  const folder = mkdtempSync(join(tmpdir(), "go-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "now");
}

describeWithParts("what a dump of PostgreSQL says is in it", ["postgresql"], () => {
  let postgres: PostgresServer;
  let made = 0;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  /** A new database with what the statements make. */
  const database = async (statements: string): Promise<string> => {
    const name = `made_${made += 1}`;
    await postgres.sql(`create database ${name}`);
    await postgres.sql(statements, name);
    return name;
  };
  const described = async (name: string, content: Content = "full", meanwhile: () => Promise<void> = async () => undefined, tools = programFolder("postgresql")): Promise<DumpDescription> => {
    const dump = await openPostgresqlDump({
      credentials: { username: postgres.user, password: postgres.password, host: postgres.host, port: postgres.port, sslmode: "disable" },
      database: name, defaultPort: 5432, tools,
    }, content, new AbortController().signal);
    try {
      await meanwhile();
      for await (const chunk of dump.body) void chunk;
      return dump.describe();
    } finally {
      await dump.close();
    }
  };

  it("counts and hashes the rows of every table whose data is dumped, and of no other", async () => {
    const name = await database(`
      create table users (id int primary key, name text); insert into users select g, 'user ' || g from generate_series(1, 1000) g;
      create table empty (id int);
      create table nothing_in_it (); insert into nothing_in_it default values;
      create unlogged table unlogged (id int); insert into unlogged values (1), (2);
      create temp table gone (id int); insert into gone values (1);
      create table parent (id int, at date) partition by range (at);
      create table parent_2026 partition of parent for values from ('2026-01-01') to ('2027-01-01');
      insert into parent values (1, '2026-05-05'), (2, '2026-06-06');
      create table base (id int); create table derived () inherits (base); insert into base values (1); insert into derived values (2), (3);
      create view few as select * from users where id < 10; create materialized view most as select * from users;
      create extension file_fdw; create server files foreign data wrapper file_fdw;
      create foreign table far (line text) server files options (filename '/etc/hostname');
      create schema "Odd schema"; create table "Odd schema"."a ""quoted"" 'name'; with \\. and : :x
in it" ("a ""column"":x" int); insert into "Odd schema"."a ""quoted"" 'name'; with \\. and : :x
in it" values (7);`);
    const { counts, hashes, hashedBy, extensions } = await described(name);
    expect(counts).toEqual({
      "public.users": 1000, "public.empty": 0, "public.nothing_in_it": 1, "public.unlogged": 2, "public.parent_2026": 2, "public.base": 1, "public.derived": 2,
      "\"Odd schema\".\"a \"\"quoted\"\" 'name'; with \\. and : :x\nin it\"": 1,
    });
    expect(Object.keys(hashes ?? {})).toEqual(Object.keys(counts ?? {}));
    expect(hashedBy).toBe("postgresql-rows-1");
    expect(extensions).toEqual({ plpgsql: "1.0", file_fdw: "1.0" });
    expect(hashes?.["public.empty"]).toBe("0");
    expect(hashes?.["public.users"]).not.toBe("0");
  });

  it("says which server it was, by the number that the server was made with", async () => {
    const { server } = await described("postgres");
    expect(server).toEqual({ address: `${postgres.host}:${postgres.port}`, id: await postgres.sql("select system_identifier from pg_control_system()") });
  });

  it("has the same hashes whatever the settings of the database, the order of its rows and of its columns", async () => {
    const rows = `select g as id, now() at time zone 'UTC' - g * interval '1 day 3 hours' as at, g * interval '1 day 3 hours' as span, g / 3.0::float8 as number,
      decode(md5(g::text), 'hex') as bytes, (g * 100)::money as price, 'users'::regclass as of, array[g, null] as list, jsonb_build_object('b', g, 'a', null) as data,
      tstzrange(to_timestamp(g), null) as during, xmlelement(name a, g) as mark from generate_series(1, 500) g`;
    const fixed = rows.replace("now() at time zone 'UTC'", "timestamptz '2026-11-23 02:00:00+01'");
    const one = await database(`create table users (); create table t as ${fixed}; alter table t add doubled int generated always as (id * 2) stored;`);
    const other = await database(`
      alter database made_${made + 1} set timezone = 'Asia/Kolkata'; alter database made_${made + 1} set datestyle = 'SQL, DMY';
      alter database made_${made + 1} set intervalstyle = 'iso_8601'; alter database made_${made + 1} set extra_float_digits = -5;
      alter database made_${made + 1} set bytea_output = 'escape'; alter database made_${made + 1} set search_path = pg_catalog, public;
      create table public.users (); create table public.t as select gone, mark, during, data, list, of, price, bytes, number, span, at, id
        from (select 1 as gone, * from (${fixed.replace("'users'::regclass", "'public.users'::regclass")} order by random()) r) o;
      alter table public.t drop column gone;`);
    await expect(postgres.sql("select bytes from public.t limit 1", other)).resolves.not.toContain("\\x");
    const [first, second] = [await described(one), await described(other)];
    expect(first.counts).toEqual({ "public.t": 500, "public.users": 0 });
    expect(second.hashes).toEqual(first.hashes);
  });

  it.each([
    ["one byte of one value", "update t set name = 'user 77' || 'x' where id = 77"],
    ["a null that was an empty text", "update t set name = null where id = 78"],
    ["two values that changed places", "update t set name = (select name from t o where o.id = 161 - t.id) where id in (80, 81)"],
    ["a row that is there twice, and one that is gone", "update t set id = 5, name = 'user 5' where id = 6"],
  ])("has another hash and the same count after %s", async (_, change) => {
    const table = "create table t (id int, name text); insert into t select g, case g when 78 then '' else 'user ' || g end from generate_series(1, 200) g;";
    const [first, second] = [await described(await database(table)), await described(await database(`${table} ${change}`))];
    expect(second.counts).toEqual(first.counts);
    expect(second.hashes).not.toEqual(first.hashes);
  });

  it("counts and hashes large objects, whatever their size", async () => {
    const large = (text: string): string => `select lo_from_bytea(4711, '${text}'), lo_from_bytea(4712, '');
      select lo_put(4713, 16777216, 'the end') from lo_create(4713);`;
    const [first, same, other] = [await described(await database(large("one"))), await described(await database(large("one"))), await described(await database(large("two")))];
    expect(first.counts).toEqual({ "large objects": 3 });
    expect(same.hashes).toEqual(first.hashes);
    expect(other.hashes).not.toEqual(first.hashes);
  });

  it("counts of an extension's tables what its dump has of them", async () => {
    const name = await database("create extension tablefunc; create table own (id int);");
    await postgres.sql(`create table settings (name text, own boolean); insert into settings values ('its', false), ('ours', true), ('mine', true);
      create table fixed (id int); insert into fixed values (1);
      alter extension tablefunc add table settings; alter extension tablefunc add table fixed;
      update pg_extension set extconfig = array['settings'::regclass], extcondition = array['where own'] where extname = 'tablefunc'`, name);
    expect((await described(name)).counts).toEqual({ "public.own": 0, "public.settings": 2 });
  });

  it("shows the moment of the snapshot, whatever is written, emptied or altered while it is taken", async () => {
    // More than a pipe takes, compressed: pg_dump stays with its locks until somebody reads on.
    const name = await database("create table busy (id int, text text); insert into busy select g, md5(g::text) from generate_series(1, 50000) g; create table other (id int); insert into other values (1);");
    let waiting: Promise<unknown> = Promise.resolve();
    const { counts } = await described(name, "full", async () => {
      await postgres.sql("insert into busy (id) select generate_series(1, 10); create table new (id int); insert into new values (1)", name);
      await expect.poll(() => postgres.sql("select count(*) from pg_locks where relation = 'other'::regclass and granted", name)).toBe("2");
      // It has to wait for the dump: through an older snapshot an emptied table is empty.
      waiting = postgres.sql("truncate other", name);
      await expect.poll(() => postgres.sql(waitingForLocks)).toBe("1");
    });
    expect(counts).toEqual({ "public.busy": 50_000, "public.other": 1 });
    await waiting;
  });

  it("counts what pg_dump read, when somebody empties a table between the two", async () => {
    const name = await database("create table t (id int); insert into t values (1)");
    const go = goFile();
    const late = scriptsFolder({
      pg_dump: `exec ${programPath("postgresql", "pg_dump")} "$@"`,
      psql: `while IFS= read -r line; do case "$line" in *hashtextextended*) while [ ! -e ${go} ]; do sleep 0.1; done;; esac
        printf '%s\\n' "$line"; done | ${programPath("postgresql", "psql")} "$@"`,
    });
    let waiting: Promise<unknown> = Promise.resolve();
    const { counts } = await described(name, "full", async () => {
      // Its few bytes are in the pipe, and its locks are gone with it.
      await expect.poll(() => childProcesses("pg_dump --format")).toEqual([]);
      waiting = postgres.sql("truncate t", name);
      await expect.poll(() => postgres.sql(waitingForLocks)).toBe("1");
      writeFileSync(go, "");
    }, late);
    expect(counts).toEqual({ "public.t": 1 });
    await waiting;
  });

  it("does not wait for ever for who came between it and pg_dump, and says what to do", async () => {
    const name = await database("create table t (id int)");
    const go = goFile();
    const late = scriptsFolder({
      pg_dump: `[ "$1" = --version ] || while [ ! -e ${go} ]; do sleep 0.1; done\nexec ${programPath("postgresql", "pg_dump")} "$@"`,
      psql: `exec ${programPath("postgresql", "psql")} "$@"`,
    });
    let waiting: Promise<unknown> = Promise.resolve();
    const failed = described(name, "full", async () => {
      waiting = postgres.sql("truncate t", name);
      await expect.poll(() => postgres.sql(waitingForLocks)).toBe("1");
      writeFileSync(go, "");
    }, late);
    await expect(failed).rejects.toThrow(/somebody asked for one for himself alone .* Run it again when he is done/);
    await waiting;
  });

  it("says the same of the same rows under another encoding in another way, so that nobody compares them", async () => {
    await postgres.sql("create database latin encoding 'LATIN1' template template0");
    expect((await described("latin")).hashedBy).toBe("postgresql-rows-1-LATIN1");
  });

  it("reads no row when it is told to, and still sees that every table was emptied", async () => {
    const name = await database("create table a (id int); insert into a values (1); create table b (id int);");
    const filled = await described(name, "off");
    expect([filled.counts, filled.hashes, filled.hashedBy]).toEqual([undefined, undefined, undefined]);
    expect(filled.extensions).toEqual({ plpgsql: "1.0" });
    await postgres.sql("truncate a", name);
    expect(await described(name, "off")).toMatchObject({ counts: { "public.a": 0, "public.b": 0 } });
  });
});
