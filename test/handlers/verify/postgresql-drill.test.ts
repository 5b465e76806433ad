import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { runBackup } from "../../../handlers/backup/run.ts";
import { decodePostgresql } from "../../../handlers/engines/postgresql/decode.ts";
import { openPostgresqlDump } from "../../../handlers/engines/postgresql/dump.ts";
import { openPostgresqlTarget } from "../../../handlers/engines/postgresql/restore.ts";
import { MARK_AS_SCRATCH } from "../../../handlers/engines/postgresql/scratch-mark.ts";
import type { Store } from "../../../handlers/store/store.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { badCheck, check } from "../../support/handlers/checks.ts";
import { jobAt } from "../../support/handlers/dumps.ts";
import { databaseOf } from "../../support/handlers/postgresql-source.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts, programFolder } from "../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../support/servers/postgresql.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const TONIGHT = "2026-11-23T02:00:00Z";
const { signal } = new AbortController();

describeWithParts("a drill of a real PostgreSQL backup", ["postgresql", "s3"], () => {
  let server: S3Server;
  let production: PostgresServer;
  let elsewhere: PostgresServer;
  let store: TestStore;
  let dumpAt: string;
  let made = 0;
  beforeAll(async () => {
    [server, production, elsewhere] = await Promise.all([startFullObjectS3(), startPostgres(), startPostgres()]);
    await production.sql("create database accounts");
    await production.sql("create table users as select g as id, 'user ' || g as name from generate_series(1, 20000) g; create table empty (id int)", "accounts");
    store = await makeStore(server);
    await runBackup(jobAt(TONIGHT), {
      store, attempt: "one", now: () => new Date("2026-11-23T02:01:00Z"), signal,
      openDump: (stop) => openPostgresqlDump(databaseOf(production, "accounts"), "full", stop),
    });
    dumpAt = (await store.keys()).find((key) => key.includes("/one.")) ?? "";
  });
  afterAll(() => Promise.all([server.stop(), production.stop(), elsewhere.stop()]));
  let scratch: string;
  beforeEach(async () => {
    scratch = `scratch_${made += 1}`;
    await elsewhere.sql(`create database ${scratch} template template0`);
    await elsewhere.sql(MARK_AS_SCRATCH, scratch);
  });

  /** Each check of its own time: what one found is not asked again. */
  const drill = (seen: Store = store) => [
    { level: "restore", smoke: "select count(*) from users", scheduledAt: new Date(Date.parse("2026-11-23T06:00:00Z") + made * 60_000) } as const,
    { store: seen, openTarget: (stop: AbortSignal) => openPostgresqlTarget(databaseOf(elsewhere, scratch), stop) },
  ] as const;

  it("restores it, with the same counts, hashes and smoke answer as its source had", async () => {
    const { record } = await check(...drill());
    expect(record).toMatchObject({ outcome: "restored", findings: [], restore: { ageSeconds: 36_000, sameCounts: 2, sameHashes: 2, smokeAnswer: "20000" } });
    expect(record.restore?.target).toContain(scratch);
    expect(JSON.stringify(record)).not.toContain(elsewhere.password);
    await expect(elsewhere.sql("select count(*) from users", scratch)).resolves.toContain("20000");
  });

  it("reads it whole with pg_restore, without a server", async () => {
    await expect(check({ level: "decode" }, { store, decode: decodePostgresql(programFolder("postgresql")) })).resolves.toMatchObject({ record: { outcome: "verified" } });
  });

  it.each(["restore", "decode"] as const)("of a dump whose bytes changed in the store, at the level %s, is corrupted whatever pg_restore makes of it", async (level) => {
    const flipped: Store = { ...store, async *read(key, versionId, stop) {
      let at = 0;
      const middle = ((await store.facts(dumpAt))?.bytes ?? 0) >> 1;
      for await (const chunk of store.read(key, versionId, stop)) {
        yield chunk.map((byte, index) => (at + index === middle ? byte ^ 1 : byte));
        at += chunk.length;
      }
    } };
    const [job, ports] = drill(flipped);
    const { record } = await badCheck({ ...job, level }, { ...ports, decode: decodePostgresql(programFolder("postgresql")) });
    expect(record.outcome).toBe("corrupted");
    expect(record.findings[0]).toMatch(/they are not those that were backed up/);
    recordFault({ engine: "postgresql", fault: `one byte flipped in the store (${level})`, happened: "the SHA-256 differs", exit: "error", evidence: record.outcome, alarm: "corrupted", left: "dump, manifest" });
  });

  it("into a database that is not empty is failed, and writes nothing into it", async () => {
    await elsewhere.sql("create table orders (id int)", scratch);
    const { record } = await badCheck(...drill());
    expect(record.outcome).toBe("failed");
    expect(record.findings.join(" ")).toMatch(/empty/);
    await expect(elsewhere.sql("select count(*) from pg_tables where schemaname = 'public'", scratch)).resolves.toMatch(/^1$/m);
    recordFault({ engine: "postgresql", fault: "drill into a database that is not empty", happened: "refused before a byte", exit: "error", evidence: "failed", alarm: "check failed", left: "dump, manifest" });
  });
});
