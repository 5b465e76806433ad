import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { Dump } from "../../../../handlers/engines/dump.ts";
import { decodeExport } from "../../../../handlers/engines/export/decode.ts";
import { openPostgresqlExport } from "../../../../handlers/engines/export/postgresql.ts";
import { folderStore } from "../../../../handlers/store/folder/folder-store.ts";
import type { ExportedTable } from "../../../../practice/contract/exported.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { exportTo } from "../../../support/handlers/exported.ts";
import { databaseOf } from "../../../support/handlers/postgresql-source.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";

const execute = promisify(execFile);
const { signal } = new AbortController();
const job = jobAt("2026-11-22T04:00:00Z", { source: "accounts-export", engine: "postgresql-export", database: "postgres" });
const users = { name: "public.users" };

/** What a program that writes lines could break at. */
const WORDS = String.raw`E'a "quoted"\\back\nline\ttab\x01\x02 \u2028 ä 😀 \\. '`;

describeWithParts("an export of PostgreSQL", ["postgresql"], () => {
  let postgres: PostgresServer;
  let scratch: string;
  beforeAll(async () => {
    postgres = await startPostgres();
    await postgres.sql(`
      create table users (id int primary key, email text, born date, paid numeric, told json, image bytea, password text);
      insert into users values (1, ${WORDS}, '2000-02-29', 12345678901234567890.5, E'{"a":\n [1,\r\n 2]}', '\\x00ff', 'secret-of-anna'), (2, null, null, 'NaN', null, null, null);
      create schema shop; create table shop.orders as select g as id, md5(g::text) as note from generate_series(1, 60000) g;
      create table "odd name" (id int); create table empty (id int);
      create role reader login password 'reader'; grant select on users to reader; grant usage on schema shop to reader; grant select (id) on shop.orders to reader;`);
  });
  afterAll(() => postgres.stop());
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    process.env["TMPDIR"] = scratch;
  });
  afterEach(() => {
    delete process.env["TMPDIR"];
    expect(readdirSync(scratch).filter((name) => name.startsWith("upkeep-")), "what holds the password is gone").toEqual([]);
    expect(childProcesses("psql")).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const store = () => folderStore(join(scratch, "store"));
  const exported = (tables: readonly ExportedTable[], from = databaseOf(postgres), change: (dump: Dump) => Dump = (dump) => dump) =>
    exportTo(store(), job, async (stop) => change(await openPostgresqlExport(from, tables, stop)));
  const expectNothingStored = () => expect(() => readdirSync(join(scratch, "store", "campus", "accounts-export"), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())).toThrow("ENOENT");

  it("holds each row as JSON that every program reads, and its decoder finds what its manifest says", async () => {
    const { manifest, rows } = await exported([users, { name: "shop.orders" }, { name: "public.empty" }]);
    expect(rows("public.users")).toEqual([
      { id: 1, email: 'a "quoted"\\back\nline\ttab\u0001\u0002 \u2028 ä 😀 \\. ', born: "2000-02-29", paid: 12345678901234567890.5, told: { a: [1, 2] }, image: "\\x00ff", password: "secret-of-anna" },
      { id: 2, email: null, born: null, paid: "NaN", told: null, image: null, password: null },
    ]);
    expect(rows("shop.orders")).toHaveLength(60_000);
    expect(manifest).toMatchObject({
      engine: "postgresql-export", source: "accounts-export", counts: { "public.users": 2, "shop.orders": 60_000, "public.empty": 0 }, hashedBy: "export-rows-1",
      consistency: expect.stringContaining("One moment for all tables") as string, tool: expect.stringMatching(/^psql/) as string,
    });
    const { counts, hashes, hashedBy } = manifest;
    await expect(decodeExport(store().read(manifest.object.key, "", signal), signal)).resolves.toEqual({ counts, hashes, hashedBy });
  });

  it("is read by the one line that its manifest has", async () => {
    const { manifest } = await exported([users]);
    await execute("sh", ["-c", manifest.restoreCommand], { cwd: scratch });
    const rows = readFileSync(join(scratch, "public.users.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line) as { readonly id: number });
    expect(rows.map(({ id }) => id)).toEqual([1, 2]);
  });

  it("holds only the columns that were named", async () => {
    const { rows, lines } = await exported([{ ...users, columns: ["id", "born"] }]);
    expect(rows("public.users")).toEqual([{ id: 1, born: "2000-02-29" }, { id: 2, born: null }]);
    expect(lines.join("\n")).not.toContain("secret-of-anna");
  });

  it("is of one moment: what is written while it is read is in none of its tables", async () => {
    let first = true;
    const { manifest } = await exported([{ name: "shop.orders" }, { name: "public.empty" }], undefined, (dump) => ({
      ...dump,
      body: (async function* () {
        for await (const chunk of dump.body) {
          if (first) await postgres.sql("insert into public.empty values (1); insert into shop.orders values (0, 'late')");
          first = false;
          yield chunk;
        }
      })(),
    }));
    await postgres.sql("delete from public.empty; delete from shop.orders where id = 0");
    expect(first).toBe(false);
    expect(manifest.counts).toEqual({ "shop.orders": 60_000, "public.empty": 0 });
  });

  it.each<[string, readonly ExportedTable[], boolean, string]>([
    ["a table that is not there", [users, { name: "public.nobody" }], false, 'relation "public.nobody" does not exist'],
    ["a column that is not there", [{ ...users, columns: ["id", "mail"] }], false, 'column "mail" does not exist'],
    ["no right to read a table", [users, { name: "public.empty" }], true, "permission denied for table empty"],
    ["no right to read a column", [{ name: "shop.orders", columns: ["id", "note"] }], true, "permission denied for table orders"],
  ])("is refused before its first byte with %s", async (fault, tables, asReader, message) => {
    const from = databaseOf(postgres, undefined, asReader ? { username: "reader", password: "reader" } : {});
    await expect(exported(tables, from)).rejects.toThrow(message);
    await expect(exported(tables, from)).rejects.toThrow("Mend the export's `of`, or grant SELECT to its user.");
    expectNothingStored();
    recordFault({ engine: "postgresql-export", fault, happened: message, exit: "error", evidence: "no manifest", alarm: "failed, age", left: "nothing" });
  });

  it("takes the columns that a user may read", async () => {
    const { rows } = await exported([{ name: "shop.orders", columns: ["id"] }], databaseOf(postgres, undefined, { username: "reader", password: "reader" }));
    expect(rows("shop.orders")).toHaveLength(60_000);
  });

  it("is nothing when psql is killed in the middle of it", async () => {
    const killing = (dump: Dump): Dump => ({
      ...dump,
      body: (async function* () {
        let seen = 0;
        for await (const chunk of dump.body) {
          if ((seen += 1) === 1) for (const { id } of childProcesses("psql")) process.kill(id, "SIGKILL");
          yield chunk;
        }
      })(),
    });
    await postgres.sql("create table large as select md5(g::text) as note, repeat(md5((g * 7)::text), 8) as more from generate_series(1, 200000) g");
    await expect(exported([{ name: "public.large" }], undefined, killing)).rejects.toThrow("ended with signal SIGKILL");
    expect(readdirSync(join(scratch, "store"), { recursive: true }).filter((name) => String(name).endsWith("manifest.json") || String(name).endsWith(".gz"))).toEqual([]);
    recordFault({ engine: "postgresql-export", fault: "psql killed in the middle", happened: "ended with signal SIGKILL", exit: "error", evidence: "no manifest", alarm: "failed, age", left: "nothing" });
  });

  it("shows a wrong password to nobody", async () => {
    await expect(exported([users], databaseOf(postgres, undefined, { password: "hunter-two" }))).rejects.toThrow(/password authentication failed(?![^]*hunter-two)/);
  });
});
