import { afterAll, beforeAll, expect, it } from "vitest";
import { runBackup } from "../../../handlers/backup/run.ts";
import type { Content } from "../../../handlers/engines/dump.ts";
import { openPostgresqlDump } from "../../../handlers/engines/postgresql/dump.ts";
import type { Gauge } from "../../../handlers/runtime/metrics.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { jobAt } from "../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { databaseOf } from "../../support/handlers/postgresql-source.ts";
import { at, held, markedIn, retainIn, runOf } from "../../support/handlers/retaining.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts } from "../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../support/servers/postgresql.ts";
import type { S3Server } from "../../support/servers/s3.ts";

describeWithParts("backups of a PostgreSQL that was emptied", ["postgresql", "s3"], () => {
  let server: S3Server;
  let postgres: PostgresServer;
  beforeAll(async () => {
    [server, postgres] = await Promise.all([startFullObjectS3(), startPostgres()]);
  });
  afterAll(() => Promise.all([server.stop(), postgres.stop()]));

  const backUp = (store: TestStore, day: number, database: string, content: Content): Promise<unknown> => runBackup(jobAt(at(day), { database }), {
    store, attempt: "one", now: () => new Date(at(day)), signal: new AbortController().signal,
    openDump: (stop) => openPostgresqlDump(databaseOf(postgres, database), content, stop),
  });

  it.each<[string, Content, string]>([
    ["deleted", "full", "delete from users"],
    ["truncated, and rows are not counted", "off", "truncate users"],
    ["dropped", "full", "drop table users"],
    ["dropped, and rows are not counted", "off", "drop table users"],
  ])("do not replace one with content: %s", async (how, content, emptied) => {
    const store = await makeStore(server);
    const database = `emptied: ${how}`;
    await postgres.sql(`create database "${database}"`);
    await postgres.sql("create table users (id int); insert into users values (1), (2)", database);
    for (const day of [1, 2]) await backUp(store, day, database, content);
    await postgres.sql(emptied, database);
    for (const day of [3, 4, 21]) await backUp(store, day, database, content);

    const published: Gauge[] = [];
    await expect(retainIn({ store }, published)).resolves.toMatchObject({
      superseded: { accounts: [runOf(4), runOf(3), runOf(1)] }, heldBack: { accounts: [runOf(2)] },
    });
    expect((await markedIn(store)).some((key) => key.includes(runOf(2)))).toBe(false);
    expect(published).toEqual(held(1));
    recordFault({ engine: "postgresql", fault: `database emptied: ${how}`, happened: "stored; no older one with rows is marked", exit: "stored", evidence: "manifest, counts 0", alarm: "held back", left: "the last with rows" });
  });
});
