import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { runBackup } from "../../../../handlers/backup/run.ts";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import { recordFault, recordNotSeen } from "../../../support/fault-matrix.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { databaseOf, type ReachedPostgresql } from "../../../support/handlers/postgresql-source.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { makeStore, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts, programPath } from "../../../support/parts.ts";
import { failure } from "../../../support/said.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";
import type { S3Server } from "../../../support/servers/s3.ts";
import { startTcpGate, type TcpGate } from "../../../support/servers/tcp-gate.ts";

const earlier = jobAt("2026-11-22T02:00:00Z", { database: "shop" });
const job = { ...earlier, scheduledAt: new Date("2026-11-23T02:00:00Z") };

/** What the session and the programs' first questions are answered is some kilobytes, the catalogue some hundred, the rows are 7 MB. */
const START_BYTES = 25_000;
const MIDDLE_BYTES = 2_500_000;

const ROWS = "create table users as select g as id, md5(random()::text) as name from generate_series(1, 180000) g; create table private (id int); insert into private values (1)";

describeWithParts("a backup of PostgreSQL under a fault", ["postgresql", "s3"], () => {
  let server: S3Server;
  let postgres: PostgresServer;
  /** To be restarted. */
  let other: PostgresServer;
  let store: TestStore;
  let before: readonly string[];
  let scratch: string;

  beforeAll(async () => {
    [server, postgres, other] = await Promise.all([startFullObjectS3(), startPostgres(), startPostgres()]);
    await Promise.all([seed(postgres), seed(other)]);
  });
  afterAll(() => Promise.all([server.stop(), postgres.stop(), other.stop()]));
  beforeEach(async () => {
    store = await makeStore(server);
    await backUp(source(), earlier);
    before = await store.keys();
    expect(before).toHaveLength(2);
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    process.env["TMPDIR"] = scratch;
  });
  afterEach(() => {
    delete process.env["TMPDIR"];
    expect(readdirSync(scratch).filter((name) => name.startsWith("upkeep-")), "what holds the password is gone").toEqual([]);
    for (const program of ["pg_dump", "psql"]) expect(childProcesses(program)).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const seed = async (one: PostgresServer): Promise<void> => {
    await one.sql("create database shop");
    await one.sql(ROWS, "shop");
  };
  const source = (credentials: Partial<ReachedPostgresql["credentials"]> = {}, from = postgres): ReachedPostgresql => databaseOf(from, "shop", credentials);
  /** The real programs, behind scripts of these names. */
  const scripted = (scripts: Readonly<Partial<Record<"pg_dump" | "psql", string>>>): ReachedPostgresql => ({
    ...source(),
    tools: scriptsFolder({
      pg_dump: `exec ${programPath("postgresql", "pg_dump")} "$@"`, psql: `exec ${programPath("postgresql", "psql")} "$@"`, ...scripts,
    }),
  });
  const backUp = (from: ReachedPostgresql, what = job, signal = new AbortController().signal): Promise<unknown> =>
    runBackup(what, { store, attempt: "one", now: () => new Date(), signal, openDump: (stop) => openPostgresqlDump(from, "full", stop) });
  const expectOnlyTheEarlier = async (said: string): Promise<void> => {
    expect(said).not.toContain(postgres.password);
    await expect(store.keys()).resolves.toEqual(before);
    await expect(store.unfinished()).resolves.toEqual([]);
  };
  const record = (fault: string, happened: string): void =>
    recordFault({ engine: "postgresql", fault, happened, exit: "error", evidence: "no manifest", alarm: "failed, late", left: "the earlier backup" });
  /** Runs a backup behind a gate, does something once it is closed, and gives what the backup said. */
  const during = async (bytes: number, act: (closed: TcpGate) => unknown, { from = postgres, signal }: { from?: PostgresServer; signal?: AbortSignal } = {}): Promise<string> => {
    const gate = await startTcpGate(from.port, bytes);
    onTestFinished(gate.stop);
    const run = failure(backUp(source({ port: gate.port }, from), job, signal));
    await gate.closed;
    await act(gate);
    return run;
  };
  const kill = async (): Promise<void> => {
    await expect.poll(() => childProcesses("pg_dump --format").length).toBe(1);
    for (const { id } of childProcesses("pg_dump --format")) process.kill(id, "SIGKILL");
  };

  it.each([["at its start", START_BYTES], ["in the middle", MIDDLE_BYTES]])("pg_dump killed %s", async (when, bytes) => {
    const said = await during(bytes, kill);
    expect(said).toMatch(/pg_dump to end well, it ended with signal SIGKILL/);
    await expectOnlyTheEarlier(said);
    record(`pg_dump killed ${when}`, "ended with signal SIGKILL");
  });

  it.each([
    ["pg_dump killed after its last byte", "kill -KILL $$", "ended with signal SIGKILL"],
    ["exit code 3 with a complete dump", "exit 3", "ended with exit code 3"],
  ])("%s", async (fault, end, happened) => {
    const said = await failure(backUp(scripted({ pg_dump: `${programPath("postgresql", "pg_dump")} "$@" || exit 9\ncase "$*" in *--format*) ${end};; esac` })));
    expect(said).toContain(happened);
    await expectOnlyTheEarlier(said);
    record(fault, happened);
  });

  it("counting fails after pg_dump ended well", async () => {
    const done = join(scratch, "done");
    const said = await failure(backUp(scripted({
      pg_dump: `${programPath("postgresql", "pg_dump")} "$@" || exit 9\ncase "$*" in *--format*) touch ${done};; esac`,
      psql: `while IFS= read -r line; do case "$line" in
        *hashtextextended*) while [ ! -e ${done} ]; do sleep 0.1; done; echo 'select 1 from nowhere;'; exit;;
        *) printf '%s\\n' "$line";; esac; done | ${programPath("postgresql", "psql")} "$@"`,
    })));
    expect(said).toMatch(/psql to end well, it ended with exit code 3\. .*"nowhere" does not exist/s);
    await expectOnlyTheEarlier(said);
    record("counting fails, pg_dump ended well", "psql's words");
  });

  it("connection cut in the middle", async () => {
    const said = await during(MIDDLE_BYTES, (gate) => gate.cut());
    expect(said).toMatch(/(pg_dump to end well, it ended with exit code 1|psql to end well, it ended with exit code)/);
    await expectOnlyTheEarlier(said);
    record("connection cut in the middle", "ended with exit code 1, connection lost");
  });

  it("server restarted in the middle", async () => {
    const said = await during(MIDDLE_BYTES, async (gate) => {
      // A killed process of its own makes PostgreSQL end all the others, recover and begin anew.
      process.kill(Number(await other.sql("select pid from pg_stat_activity where backend_type = 'checkpointer'")), "SIGKILL");
      await expect.poll(() => other.log.filter((line) => line.includes("ready to accept connections")).length, { timeout: 15_000 }).toBe(2);
      // What the gate holds back hides from it that the server is gone.
      gate.cut();
    }, { from: other });
    expect(said).toMatch(/ended with exit code/);
    expect(said).not.toContain(other.password);
    await expectOnlyTheEarlier(said);
    await expect(backUp(source({}, other))).resolves.toMatchObject({ outcome: "stored" });
    record("server restarted in the middle", "ended with exit code; the next run is stored");
  });

  it("deadline in the middle", async () => {
    const deadline = new AbortController();
    const said = await during(MIDDLE_BYTES, () => deadline.abort(new Error("The deadline is near.")), { signal: deadline.signal });
    expect(said).toBe("The deadline is near.");
    await expectOnlyTheEarlier(said);
    record("deadline in the middle", "ended with the deadline's words");
  });

  it("wrong password", async () => {
    const said = await failure(backUp(source({ password: "wrong-password" })));
    expect(said).toMatch(/exit code 2.*password authentication failed/s);
    expect(said).not.toContain("wrong-password");
    await expectOnlyTheEarlier(said);
    record("wrong password", "exit code 2, password authentication failed");
  });

  it("missing privilege on one table", async () => {
    await postgres.sql("create role reader login password 'reader-secret'; grant select on users to reader", "shop");
    const said = await failure(backUp(source({ username: "reader", password: "reader-secret" })));
    expect(said).toMatch(/permission denied for table private/);
    expect(said).not.toContain("reader-secret");
    await expectOnlyTheEarlier(said);
    record("missing privilege on one table", "permission denied for table private");
  });

  it("a table of which row level security would show a part", async () => {
    await postgres.sql(`create role partly login password 'partly-secret'; grant pg_read_all_data to partly;
      alter table private enable row level security; create policy few on private using (id < 1)`, "shop");
    const said = await failure(backUp(source({ username: "partly", password: "partly-secret" })));
    await postgres.sql("alter table private disable row level security", "shop");
    expect(said).toMatch(/query would be affected by row-level security policy for table "private"/);
    await expectOnlyTheEarlier(said);
    record("row level security hides rows", "refused, names the table");
  });

  it("client older than the server", async () => {
    const said = await failure(backUp(scripted({ pg_dump: "[ \"$1\" = --version ] || exit 9\necho 'pg_dump (PostgreSQL) 9.6.24'" })));
    expect(said).toMatch(/Expected a pg_dump of PostgreSQL \d+ or newer .* this is pg_dump \(PostgreSQL\) 9\.6\.24.*UPKEEP_TOOLS.*toolsLayer/);
    await expectOnlyTheEarlier(said);
    record("client older than the server", "refused before the first byte, names the layer");
  });

  it("what no server here can show", () => {
    recordNotSeen({ engine: "postgresql", what: "PgBouncer in front of a target", why: "a forwarded port and a service file stand for it" });
  });
});
