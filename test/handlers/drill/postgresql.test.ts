import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { runBackup } from "../../../handlers/backup/run.ts";
import { openPostgresqlDump } from "../../../handlers/engines/postgresql/dump.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { handlersBuilt } from "../../support/built.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { type DrillTask, evidenceOf, runDrill, startDrill } from "../../support/handlers/drill-task.ts";
import { jobAt } from "../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { databaseOf } from "../../support/handlers/postgresql-source.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts, programFolder } from "../../support/parts.ts";
import { freePort } from "../../support/servers/free-port.ts";
import { type PostgresServer, startPostgres, startTrustingPostgres } from "../../support/servers/postgresql.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const TONIGHT = new Date(Date.now() - 3_600_000);
const ROWS = 20_000;

describeWithParts("a restore drill of PostgreSQL, as a task", ["postgresql", "s3"], () => {
  let server: S3Server;
  let production: PostgresServer;
  beforeAll(async () => {
    [server, production] = await Promise.all([startFullObjectS3(), startPostgres(), handlersBuilt()]);
    await production.sql("create database accounts");
    await production.sql(`create table users as select g as id, 'user ' || g as name from generate_series(1, ${ROWS}) g; create table empty (id int);
      create role "the seller" login; create policy own on users to "the seller" using (name = current_user); alter table users enable row level security`, "accounts");
  });
  afterAll(() => Promise.all([server.stop(), production.stop()]));

  let store: TestStore;
  let manifestAt: string;
  const beside: PostgresServer[] = [];
  beforeEach(async () => {
    store = await makeStore(server);
    const { manifestKey } = await runBackup(jobAt(TONIGHT.toISOString()), {
      store, attempt: "one", now: () => new Date(), signal: new AbortController().signal, runner: "lambda",
      openDump: (stop) => openPostgresqlDump(databaseOf(production, "accounts"), "full", stop),
    });
    manifestAt = manifestKey;
  });
  afterEach(async () => void await Promise.all(beside.splice(0).map((one) => one.stop())));

  const sidecar = async (port?: number): Promise<PostgresServer> => {
    const started = await startTrustingPostgres(port);
    beside.push(started);
    return started;
  };
  const scheduledAt = new Date(TONIGHT.getTime() + 1_800_000);
  const taskAt = (port: number, environment: DrillTask["environment"] = {}): DrillTask =>
    ({ store, server, engine: "postgresql", port, tools: programFolder("postgresql"), scheduledAt, environment });
  const edit = async (change: (manifest: BackupManifest) => object): Promise<void> =>
    store.put(manifestAt, JSON.stringify(change(JSON.parse(await store.text(manifestAt)) as BackupManifest)));

  it("restores the newest backup into the empty server beside it, and writes down what it found", async () => {
    const { port, sql } = await sidecar();
    const { code, output } = await runDrill(taskAt(port, { UPKEEP_SMOKE: "select max(name) from users" }));
    expect({ code, output }).toMatchObject({ code: 0 });
    await expect(evidenceOf(store, scheduledAt)).resolves.toMatchObject({
      level: "restore", outcome: "restored", findings: [], restore: { target: `scratch on 127.0.0.1:${port}`, sameCounts: 2, sameHashes: 2, smokeAnswer: "user 9999" },
    });
    await expect(sql("select count(*) from users", "scratch")).resolves.toBe(String(ROWS));
    expect(output).toContain('"recorded":"recorded"');
  });

  it("makes the roles that policies name, which no dump has, on the server that ends with it", async () => {
    expect(JSON.parse(await store.text(manifestAt))).toMatchObject({ roles: ["the seller"] });
    const { port, sql } = await sidecar();
    await expect(runDrill(taskAt(port))).resolves.toMatchObject({ code: 0 });
    await expect(sql("select rolcanlogin from pg_roles where rolname = 'the seller'")).resolves.toBe("f");
    await expect(sql("select roles from pg_policies", "scratch")).resolves.toBe('{"the seller"}');
  });

  it("waits for a server that is up later than its program", async () => {
    const port = await freePort();
    const drill = runDrill(taskAt(port));
    await pause(2_000);
    await sidecar(port);
    await expect(drill).resolves.toMatchObject({ code: 0 });
  });

  it("finds a dump of which one byte is another one", async () => {
    const { object } = JSON.parse(await store.text(manifestAt)) as BackupManifest;
    const bytes: Buffer[] = [];
    for await (const chunk of store.read(object.key, object.versionId, new AbortController().signal)) bytes.push(Buffer.from(chunk));
    const dump = Buffer.concat(bytes);
    dump.writeUInt8(dump.readUInt8(dump.length >> 1) ^ 1, dump.length >> 1);
    await store.put(object.key, dump);
    const { versionId = "", crc32 = "" } = await store.facts(object.key) ?? {};
    // A thief of checksums: only the SHA-256 is still that of the dump.
    await edit((manifest) => ({ ...manifest, object: { ...object, versionId, crc32 } }));
    const { code } = await runDrill(taskAt((await sidecar()).port));
    expect(code).toBe(1);
    const record = await evidenceOf(store, scheduledAt);
    expect(record?.outcome).toBe("corrupted");
    expect(record?.findings[0]).toContain("they are not those that were backed up");
    recordFault({ engine: "postgresql", fault: "one byte flipped, found by a drill in its task", happened: "the SHA-256 differs", exit: "1", evidence: "corrupted", alarm: "corrupted, drill failed", left: "dump, manifest" });
  });

  it("says which extension the server beside it lacks, before a byte is read", async () => {
    await edit((manifest) => ({ ...manifest, extensions: { nowhere: "1.0" } }));
    const { port, sql } = await sidecar();
    expect((await runDrill(taskAt(port))).code).toBe(1);
    const record = await evidenceOf(store, scheduledAt);
    expect(record?.outcome).toBe("failed");
    expect(record?.findings.join(" ")).toContain("extension nowhere 1.0, which is not there");
    await expect(sql("select count(*) from pg_tables where schemaname = 'public'", "scratch")).resolves.toBe("0");
    recordFault({ engine: "postgresql", fault: "extension missing in the drill's server", happened: "refused before a byte", exit: "1", evidence: "failed", alarm: "drill failed", left: "dump, manifest" });
  });

  it("fails when the smoke query does, with all that it had found", async () => {
    const { code } = await runDrill(taskAt((await sidecar()).port, { UPKEEP_SMOKE: "select count(*) from nowhere" }));
    expect(code).toBe(1);
    const record = await evidenceOf(store, scheduledAt);
    expect(record).toMatchObject({ outcome: "failed", restore: { sameCounts: 2, sameHashes: 2 } });
    expect(record?.findings.join(" ")).toMatch(/Expected the restored database to answer the smoke query, it did not: .*nowhere/);
    recordFault({ engine: "postgresql", fault: "the smoke query of a drill fails", happened: "counts and hashes same, no answer", exit: "1", evidence: "failed", alarm: "drill failed", left: "dump, manifest" });
  });

  it.each(["SIGKILL", "SIGTERM"] as const)("that was ended in the middle (%s) leaves no evidence, and started again is the same drill", async (end) => {
    const first = await sidecar();
    const running = startDrill(taskAt(first.port));
    while (await first.sql("select count(*) from pg_database where datname = 'scratch'") !== "1") await pause(5);
    running.process.kill(end);
    const { code, output } = await running.ended;
    expect(code).not.toBe(0);
    await expect(evidenceOf(store, scheduledAt)).resolves.toBeUndefined();
    if (end === "SIGTERM") expect(output).toContain("it was told to stop");

    const again = await sidecar();
    await expect(runDrill(taskAt(again.port))).resolves.toMatchObject({ code: 0 });
    await expect(evidenceOf(store, scheduledAt)).resolves.toMatchObject({ outcome: "restored" });
    recordFault({ engine: "postgresql", fault: `drill ended in the middle (${end}), and started again`, happened: "the same drill, in a new server", exit: "0", evidence: "restored, once", alarm: "none", left: "dump, manifest" });
  });

  it("delivered twice at once is one drill: the first word counts", async () => {
    const servers = await Promise.all([sidecar(), sidecar()]);
    const ended = await Promise.all(servers.map(({ port }) => runDrill(taskAt(port))));
    expect(ended.map(({ code }) => code)).toEqual([0, 0]);
    expect(ended.flatMap(({ output }) => /"recorded":"([a-z-]+)"/.exec(output)?.[1] ?? []).toSorted()).toEqual(["already-recorded", "recorded"]);
    expect((await store.keys()).filter((key) => key.includes("-restore.json"))).toHaveLength(1);
    recordFault({ engine: "postgresql", fault: "two deliveries of a drill at once", happened: "both restore, one writes", exit: "0", evidence: "restored, once", alarm: "none", left: "dump, manifest" });
  });

  it("writes nothing into a server that holds something, whoever it belongs to", async () => {
    const { port, sql } = await sidecar();
    await sql("create database accounts");
    expect((await runDrill(taskAt(port))).code).toBe(1);
    const record = await evidenceOf(store, scheduledAt);
    expect(record?.findings.join(" ")).toContain("it holds the database accounts. Nothing was written to it");
    await expect(sql("select string_agg(datname, ',' order by datname) from pg_database where not datistemplate")).resolves.toBe("accounts,postgres");
    recordFault({ engine: "postgresql", fault: "drill beside a server that is in use", happened: "refused, nothing written", exit: "1", evidence: "failed", alarm: "drill failed", left: "dump, manifest" });
  });

  it("goes nowhere else, whatever its environment says", async () => {
    const { port } = await sidecar();
    const before = await production.sql("select string_agg(datname, ',' order by datname) from pg_database");
    const aimed = {
      PGHOST: production.host, PGPORT: String(production.port), PGUSER: production.user, PGPASSWORD: production.password, PGDATABASE: "accounts", PGHOSTADDR: production.host,
      UPKEEP_HOST: "production.example", UPKEEP_DATABASE: "accounts", UPKEEP_SECRET: "campus/prod/accounts",
    };
    await expect(runDrill(taskAt(port, aimed))).resolves.toMatchObject({ code: 0 });
    await expect(evidenceOf(store, scheduledAt)).resolves.toMatchObject({ outcome: "restored", restore: { target: `scratch on 127.0.0.1:${port}` } });
    await expect(production.sql("select string_agg(datname, ',' order by datname) from pg_database")).resolves.toBe(before);
  });

  it("without a backup says that there is none", async () => {
    store = await makeStore(server);
    expect((await runDrill(taskAt((await sidecar()).port))).code).toBe(1);
    await expect(evidenceOf(store, scheduledAt)).resolves.toMatchObject({ outcome: "missing" });
  });
});
