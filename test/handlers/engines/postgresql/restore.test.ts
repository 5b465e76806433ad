import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DumpDescription } from "../../../../handlers/engines/dump.ts";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import { openPostgresqlTarget } from "../../../../handlers/engines/postgresql/restore.ts";
import { MARK_AS_SCRATCH } from "../../../../handlers/engines/postgresql/scratch-mark.ts";
import type { RestoreSource, RestoreTarget } from "../../../../handlers/engines/restore.ts";
import { databaseOf } from "../../../support/handlers/postgresql-source.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";

interface Taken {
  readonly bytes: Buffer;
  readonly description: DumpDescription;
}

const forever = new AbortController().signal;

async function* inChunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 16_384) yield bytes.subarray(at, at + 16_384);
}

async function take(server: PostgresServer, database: string): Promise<Taken> {
  const dump = await openPostgresqlDump(databaseOf(server, database), "full", forever);
  try {
    const chunks: Uint8Array[] = [];
    for await (const chunk of dump.body) chunks.push(chunk);
    return { bytes: Buffer.concat(chunks), description: dump.describe() };
  } finally {
    await dump.close();
  }
}

const sourceOf = (database: string, { server, extensions }: DumpDescription): RestoreSource =>
  ({ database, ...(server === undefined ? {} : { server }), ...(extensions === undefined ? {} : { extensions }) });

describeWithParts("a restore of PostgreSQL", ["postgresql"], () => {
  let production: PostgresServer;
  let elsewhere: PostgresServer;
  let taken: Taken;
  let made = 0;
  beforeAll(async () => {
    [production, elsewhere] = await Promise.all([startPostgres(), startPostgres()]);
    await production.sql("create database shop");
    await production.sql(`
      create role seller; create schema sales authorization seller; create extension hstore;
      create table users (id int generated always as identity primary key, name text unique, more hstore, born date default '2000-01-01', age int generated always as (id * 2) stored);
      insert into users (name, more) select 'user ' || g, hstore('a', g::text) from generate_series(1, 30000) g;
      create table sales.orders (id int, at timestamptz, users int references users) partition by range (at);
      create table sales.orders_2026 partition of sales.orders for values from ('2026-01-01') to ('2027-01-01');
      insert into sales.orders select g, '2026-03-03', g from generate_series(1, 500) g; alter table sales.orders owner to seller;
      grant select on users to seller; alter table users enable row level security; create policy own on users using (name = current_user);
      create materialized view most as select count(*) from users; create function double(int) returns int language sql as 'select $1 * 2';
      create index on users (double(id)) where id > 5; select lo_from_bytea(4711, 'large');`.replace("language sql as", "language sql immutable as"), "shop");
    taken = await take(production, "shop");
  });
  afterAll(() => Promise.all([production.stop(), elsewhere.stop()]));

  const newDatabase = async (server: PostgresServer, statements = ""): Promise<string> => {
    const name = `target_${made += 1}`;
    await server.sql(`create database ${name} template template0`);
    if (statements !== "") await server.sql(statements, name);
    return name;
  };
  const within = async <Answer>(server: PostgresServer, name: string, work: (target: RestoreTarget) => Promise<Answer>): Promise<Answer> => {
    const target = await openPostgresqlTarget(databaseOf(server, name), forever);
    try {
      return await work(target);
    } finally {
      await target.close();
      expect(childProcesses("psql")).toEqual([]);
      expect(childProcesses("pg_restore")).toEqual([]);
    }
  };
  const restored = (bytes: AsyncIterable<Uint8Array>, from = taken.description): Promise<string> => newDatabase(elsewhere, MARK_AS_SCRATCH).then(async (name) => {
    await within(elsewhere, name, async (target) => {
      await target.prove("scratch", sourceOf("shop", from));
      await target.load(bytes);
    });
    return name;
  });

  it("has the counts and hashes that the backup measured, on a server where nobody has the names of its roles", async () => {
    const name = await restored(inChunks(taken.bytes));
    const { counts, hashes, hashedBy, extensions } = taken.description;
    expect(counts).toMatchObject({ "public.users": 30_000, "sales.orders_2026": 500, "large objects": 1 });
    await expect(within(elsewhere, name, (target) => target.contents())).resolves.toEqual({ counts, hashes, hashedBy, extensions });
  });

  it("recovers beside its source, on the same server under another name, without a mark", async () => {
    const name = await newDatabase(production);
    const { counts, hashes } = await within(production, name, async (target) => {
      await target.prove("recovery", sourceOf("shop", taken.description));
      await target.load(inChunks(taken.bytes));
      return target.contents();
    });
    expect({ counts, hashes }).toEqual({ counts: taken.description.counts, hashes: taken.description.hashes });
  });

  it("loads nothing into a target that was not asked to prove itself, nor when it is taken by another after its proof", async () => {
    const name = await newDatabase(elsewhere, MARK_AS_SCRATCH);
    await within(elsewhere, name, async (target) => {
      await expect(target.load(inChunks(taken.bytes))).rejects.toThrow("nobody asked it to");
      await target.prove("scratch", sourceOf("shop", taken.description));
      await elsewhere.sql("create table theirs (id int)", name);
      await expect(target.load(inChunks(taken.bytes))).rejects.toThrow("It is not empty, it has: table public.theirs.");
    });
    await expect(elsewhere.sql("select count(*) from pg_class where relname in ('users', 'orders')", name)).resolves.toBe("0");
  });

  it.each([
    ["is empty", (bytes: Buffer) => bytes.subarray(0, 0), "ended with exit code 1"],
    ["was cut in its table of contents", (bytes: Buffer) => bytes.subarray(0, 2_000), "ended with exit code 1"],
    ["was cut in the middle", (bytes: Buffer) => bytes.subarray(0, bytes.length / 2), "ended with exit code 1"],
    ["lacks its last bytes", (bytes: Buffer) => bytes.subarray(0, -5), "ended with exit code 1"],
    ["is no dump", () => Buffer.from("CREATE TABLE users (id int);\n".repeat(9_000)), "ended with exit code 1"],
  ])("fails when the dump %s", async (_, spoil, message) => {
    await expect(restored(inChunks(spoil(taken.bytes)))).rejects.toThrow(message);
  });

  it("fails with the store's words when reading the dump does", async () => {
    async function* breaking(): AsyncGenerator<Uint8Array> {
      yield taken.bytes.subarray(0, 10_000);
      throw new Error("the store broke off");
    }
    await expect(restored(breaking())).rejects.toThrow("the store broke off");
  });

  it("fails at the first thing that cannot be restored, and tells no row of it", async () => {
    await production.sql("create database broken");
    await production.sql("create table people (name text); insert into people values ('anna@example.org'), ('anna@example.org');", "broken");
    // As an index that lost its way on disk would: the rows are there twice, and the constraint is too.
    await production.sql("create unique index only_once on people (name) where false; update pg_index set indpred = null, indisvalid = true where indexrelid = 'only_once'::regclass", "broken");
    const broken = await take(production, "broken");
    const failed = await restored(inChunks(broken.bytes), broken.description).then(() => undefined, (error: unknown) => error as Error);
    expect(failed?.message).toMatch(/could not create unique index .*DETAIL: +\[not shown/s);
    expect(failed?.message).not.toContain("anna");
  });

  it("ends at once, with all that it started, when it is told to", async () => {
    const name = await newDatabase(elsewhere, MARK_AS_SCRATCH);
    const deadline = new AbortController();
    const target = await openPostgresqlTarget(databaseOf(elsewhere, name), deadline.signal);
    await target.prove("scratch", sourceOf("shop", taken.description));
    async function* stalling(): AsyncGenerator<Uint8Array> {
      yield taken.bytes.subarray(0, 60_000);
      deadline.abort(new Error("the deadline"));
      await new Promise<never>(() => undefined);
    }
    await expect(target.load(stalling())).rejects.toThrow("the deadline");
    await target.close();
    expect(childProcesses("pg_restore")).toEqual([]);
  });

  describe("asked a question", () => {
    const asked = (question: string): Promise<string> => within(production, "shop", (target) => target.ask(question));

    it("answers in rows as text", async () => {
      await expect(asked("select id, name from users where id <= 2 order by id")).resolves.toBe("1|user 1\n2|user 2");
    });

    it.each([
      ["would write", "insert into users (name) values ('x')", "cannot execute INSERT in a read-only transaction"],
      ["is a command of psql's", " \\! true", "Expected a question in SQL"],
      ["has an answer that nobody reads", "select name from users", "at most 4 KiB"],
      ["is wrong", "select nothing from nowhere", "relation \"nowhere\" does not exist"],
    ])("refuses one that %s", async (_, question, message) => {
      await expect(asked(question)).rejects.toThrow(message);
    });
  });
});
