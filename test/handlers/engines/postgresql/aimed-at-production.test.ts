import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, connect, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import type { OwnAccess } from "../../../../handlers/engines/credentials.ts";
import type { PostgresqlDatabase } from "../../../../handlers/engines/postgresql/connection.ts";
import { openPostgresqlTarget } from "../../../../handlers/engines/postgresql/restore.ts";
import { MARK_AS_SCRATCH } from "../../../../handlers/engines/postgresql/scratch-mark.ts";
import type { Purpose, RestoreSource } from "../../../../handlers/engines/restore.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { databaseOf } from "../../../support/handlers/postgresql-source.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";

describeWithParts("a way of pointing a restore at production", ["postgresql"], () => {
  let production: PostgresServer;
  let elsewhere: PostgresServer;
  let real: RestoreSource;
  beforeAll(async () => {
    [production, elsewhere] = await Promise.all([startPostgres(), startPostgres()]);
    await production.sql("create database shop");
    await production.sql("create table users (id int); insert into users values (1)", "shop");
    real = { database: "shop", server: { address: `${production.host}:${production.port}`, id: await production.sql("select system_identifier from pg_control_system()") } };
  });
  afterAll(() => Promise.all([production.stop(), elsewhere.stop()]));

  const proving = async (target: PostgresqlDatabase, purpose: Purpose, from = real): Promise<void> => {
    const opened = await openPostgresqlTarget(target, new AbortController().signal);
    try {
      await opened.prove(purpose, from);
    } catch (error) {
      for (const { password } of [production, elsewhere]) expect(String(error)).not.toContain(password);
      throw error;
    } finally {
      await opened.close();
    }
  };
  const newDatabase = async (server: PostgresServer, name: string, statements = MARK_AS_SCRATCH): Promise<string> => {
    await server.sql(`create database "${name}" template template0`);
    if (statements !== "") await server.sql(statements, name);
    return name;
  };
  const asPerson = (environment: Readonly<Record<string, string>>, database: string, host = elsewhere.host): PostgresqlDatabase => {
    const access: OwnAccess = { host, port: elsewhere.port, username: elsewhere.user, password: elsewhere.password, environment: { PGSSLMODE: "disable", ...environment } };
    return { ...databaseOf(elsewhere, database), credentials: access };
  };

  it.each<Purpose>(["scratch", "recovery"])("is to name it: refused as a target for %s", async (purpose) => {
    await expect(proving(databaseOf(production, "shop"), purpose)).rejects.toMatchObject({ name: "NotATarget", message: expect.stringContaining("It is not empty, it has: table public.users.") as string });
  });

  it("is a marked, empty database on its server: refused, by whatever name the server is reached", async () => {
    const name = await newDatabase(production, "scratch");
    for (const host of ["127.0.0.1", "localhost", "127.1"]) {
      await expect(proving(databaseOf(production, name, { host }), "scratch")).rejects.toThrow("It is on the server of its source");
    }
    await expect(proving(databaseOf(production, name), "recovery")).resolves.toBeUndefined();
  });

  it("is a forwarded port, as a tunnel or a pooler has: refused", async () => {
    const tunnel = createServer((socket) => void socket.pipe(connect(production.port, production.host)).pipe(socket));
    await new Promise<void>((resolve) => tunnel.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void tunnel.close());
    const name = await newDatabase(production, "tunnelled");
    await expect(proving(databaseOf(production, name, { port: (tunnel.address() as AddressInfo).port }), "scratch")).rejects.toThrow("It is on the server of its source");
  });

  it("is a service file of the person's, which goes before the address that was given: refused", async () => {
    const folder = mkdtempSync(join(tmpdir(), "service-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, "services");
    writeFileSync(file, `[prod]\nhost=${production.host}\nport=${production.port}\ndbname=shop\nuser=${production.user}\npassword=${production.password}\n`);
    await newDatabase(elsewhere, "by_service");
    await expect(proving(asPerson({ PGSERVICEFILE: file }, "by_service"), "scratch")).resolves.toBeUndefined();
    await expect(proving(asPerson({ PGSERVICEFILE: file, PGSERVICE: "prod" }, "by_service"), "scratch")).rejects.toThrow(/led to the database shop.*not empty.*on the server of its source/);
  });

  it("is one of several hosts, of which each program takes what answers first: refused", async () => {
    const name = await newDatabase(elsewhere, "one_of_two");
    await expect(proving(asPerson({ PGLOADBALANCEHOSTS: "random" }, name, `${elsewhere.host},localhost`), "scratch")).rejects.toThrow("Expected one host as a target, got several");
  });

  it("is an address in the environment that goes before the host: refused, for the server says what it is", async () => {
    const name = await newDatabase(production, "by_address");
    const target = { ...asPerson({ PGHOSTADDR: production.host }, name, "scratch.example") };
    const toProduction = { ...target, credentials: { ...target.credentials, port: production.port, password: production.password } };
    await expect(proving(toProduction, "scratch")).rejects.toThrow("It is on the server of its source");
  });

  it.each([
    ["a table", "create table a (id int)", "table public.a"],
    ["a view", "create view a as select 1", "view public.a"],
    ["only a function", "create function a() returns int language sql as 'select 1'", "function public.a()"],
    ["only a type", "create type a as enum ('b')", "type public.a"],
    ["only a composite type", "create type a as (b int)", "type public.a"],
    ["only a sequence", "create sequence a", "sequence public.a"],
    ["only a schema", "create schema a", "schema a"],
    ["only a large object", "select lo_from_bytea(4711, 'a')", "large object 4711"],
    ["a table in a schema of its own, and more", "create schema a; create table a.b (id int); create table a.c (); create table a.d (); create table a.e (); create table a.f ()", "and more"],
    ["only a publication, which sends restored rows on to whoever subscribed", "create publication a for all tables", "publication a"],
    ["only a subscription", "create subscription a connection 'host=nowhere.invalid' publication a with (connect = false)", "subscription a"],
  ])("is a database that has %s: refused for either purpose", async (what, statements, found) => {
    const name = await newDatabase(elsewhere, `not empty: ${what}`, `${MARK_AS_SCRATCH} ${statements}`);
    for (const purpose of ["scratch", "recovery"] as const) {
      await expect(proving(databaseOf(elsewhere, name), purpose)).rejects.toThrow(new RegExp(`It is not empty, it has: .*${found.replaceAll(/[()]/g, "\\$&")}`));
    }
    recordFault({ engine: "postgresql", fault: `restore into a database that has ${what}`, happened: "refused before a byte", exit: "error", evidence: "failed", alarm: "check failed", left: "target as it was" });
  });

  it("is a database that nobody marked: refused, and marked by what the refusal says", async () => {
    const name = await newDatabase(elsewhere, "unmarked", "create extension hstore");
    const refusal = await proving(databaseOf(elsewhere, name), "scratch").then(() => undefined, (error: unknown) => error as Error);
    const told = /run in it: (do .*;)/.exec(refusal?.message ?? "")?.[1];
    expect(told).toBe(MARK_AS_SCRATCH);
    await elsewhere.sql(told ?? "", name);
    await expect(proving(databaseOf(elsewhere, name), "scratch")).resolves.toBeUndefined();
    // Production that was scratch before somebody gave it another name.
    await elsewhere.sql("alter database unmarked rename to renamed");
    await expect(proving(databaseOf(elsewhere, "renamed"), "scratch")).rejects.toThrow("its mark is that of another database or server");
  });

  it("is a template, of which the next new database of production would be a copy: refused for either purpose", async () => {
    await expect(proving(databaseOf(elsewhere, "template1"), "recovery")).rejects.toThrow("It is a template");
    const name = await newDatabase(elsewhere, "a_template");
    await elsewhere.sql(`alter database ${name} is_template true`);
    await expect(proving(databaseOf(elsewhere, name), "scratch")).rejects.toThrow("It is a template");
    recordFault({ engine: "postgresql", fault: "restore into a template", happened: "refused before a byte", exit: "error", evidence: "failed", alarm: "check failed", left: "target as it was" });
  });

  it("is a database that is read only: refused", async () => {
    const name = await newDatabase(elsewhere, "readonly");
    await elsewhere.sql(`alter database ${name} set default_transaction_read_only = on`);
    await expect(proving(databaseOf(elsewhere, name), "scratch")).rejects.toThrow("cannot be written");
  });

  it("is a role that may not ask which server it is: refused, and so is its source's name for a recovery", async () => {
    const name = await newDatabase(elsewhere, "asked", `${MARK_AS_SCRATCH} revoke execute on function pg_control_system() from public; create role blind login password 'blind-secret';`);
    const blind = databaseOf(elsewhere, name, { username: "blind", password: "blind-secret" });
    await expect(proving(blind, "scratch")).rejects.toThrow("is not known");
    await expect(proving(blind, "recovery", { ...real, database: name })).rejects.toThrow("is not known");
  });

  it("lacks an extension that the dump has: named before anything is loaded", async () => {
    const name = await newDatabase(elsewhere, "lacking");
    await expect(proving(databaseOf(elsewhere, name), "scratch", { ...real, extensions: { plpgsql: "1.0", postgis: "3.4.2", hstore: "99.0" } }))
      .rejects.toThrow(/lacks what the dump needs: extension postgis 3\.4\.2, which is not there, extension hstore 99\.0, where [\d.]+ is older/);
    recordFault({ engine: "postgresql", fault: "extension missing in scratch", happened: "refused before a byte, names it", exit: "error", evidence: "failed", alarm: "check failed", left: "dump, manifest" });
  });
});
