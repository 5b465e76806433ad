import { afterAll, beforeAll, expect, it } from "vitest";
import type { DumpDescription } from "../../../../handlers/engines/dump.ts";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import { openPostgresqlTarget } from "../../../../handlers/engines/postgresql/restore.ts";
import { MARK_AS_SCRATCH } from "../../../../handlers/engines/postgresql/scratch-mark.ts";
import { databaseOf } from "../../../support/handlers/postgresql-source.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres, startStandbyOf } from "../../../support/servers/postgresql.ts";

const { signal } = new AbortController();

describeWithParts("a standby of PostgreSQL", ["postgresql"], () => {
  let primary: PostgresServer;
  let standby: PostgresServer;
  beforeAll(async () => {
    primary = await startPostgres();
    await primary.sql("create table users (id int); insert into users values (1), (2); create unlogged table sessions (id int); insert into sessions values (1)");
    await primary.sql("create database scratch template template0");
    await primary.sql(MARK_AS_SCRATCH, "scratch");
    standby = await startStandbyOf(primary);
  });
  afterAll(async () => {
    await standby.stop();
    await primary.stop();
  });

  const described = async (server: PostgresServer): Promise<DumpDescription> => {
    const dump = await openPostgresqlDump(databaseOf(server), "full", signal);
    try {
      for await (const chunk of dump.body) void chunk;
      return dump.describe();
    } finally {
      await dump.close();
    }
  };
  const proving = async (server: PostgresServer, from: DumpDescription): Promise<void> => {
    const target = await openPostgresqlTarget(databaseOf(server, "scratch"), signal);
    try {
      await target.prove("scratch", { database: primary.database, ...(from.server === undefined ? {} : { server: from.server }) });
    } finally {
      await target.close();
    }
  };

  it("is dumped like its primary, but for the rows that no standby has", async () => {
    const [first, second] = [await described(primary), await described(standby)];
    expect(first.counts).toEqual({ "public.users": 2, "public.sessions": 1 });
    expect(second.counts).toEqual({ "public.users": 2, "public.sessions": 0 });
    expect(second.hashes?.["public.users"]).toBe(first.hashes?.["public.users"]);
    expect(second.server?.id).toBe(first.server?.id);
  });

  it("is no scratch server for its primary, nor is what it becomes when it leaves it", async () => {
    const from = await described(primary);
    await expect(proving(standby, from)).rejects.toThrow(/cannot be written: it is a standby.*It is on the server of its source/);
    await standby.sql("select pg_promote()");
    const refused = proving(standby, from);
    await expect(refused).rejects.toThrow("or on a copy of it");
    await expect(refused).rejects.not.toThrow("cannot be written");
  });
});
