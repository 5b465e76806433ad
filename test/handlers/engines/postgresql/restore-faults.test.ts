import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import { openPostgresqlTarget } from "../../../../handlers/engines/postgresql/restore.ts";
import { MARK_AS_SCRATCH } from "../../../../handlers/engines/postgresql/scratch-mark.ts";
import type { RestoreSource, RestoreTarget } from "../../../../handlers/engines/restore.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { databaseOf } from "../../../support/handlers/postgresql-source.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";
import { unprivilegedAccount } from "../../../support/servers/unprivileged-account.ts";
import { startTcpGate } from "../../../support/servers/tcp-gate.ts";

/** Above the size of a file of the write-ahead log, below that of the restored table. */
const LARGEST_FILE_BYTES = 17 * 1024 * 1024;

const never = new AbortController().signal;

describeWithParts("a restore of PostgreSQL under a fault", ["postgresql"], () => {
  let production: PostgresServer;
  let scratch: PostgresServer;
  let dump: Buffer;
  let source: RestoreSource;
  let databases = 0;
  beforeAll(async () => {
    [production, scratch] = await Promise.all([startPostgres(), startPostgres()]);
    await production.sql("create table users as select id, repeat(md5(id::text), 4) as name from generate_series(1, 140000) as id");
    const opened = await openPostgresqlDump(databaseOf(production), "off", never);
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened.body) chunks.push(chunk);
    dump = Buffer.concat(chunks);
    const { server } = opened.describe();
    source = { database: production.database, ...(server === undefined ? {} : { server }) };
    await opened.close();
  });
  afterAll(() => Promise.all([production.stop(), scratch.stop()]));

  const proven = async (port = scratch.port): Promise<RestoreTarget> => {
    databases += 1;
    await scratch.sql(`create database drill_${databases} template template0`);
    await scratch.sql(MARK_AS_SCRATCH, `drill_${databases}`);
    const target = await openPostgresqlTarget(databaseOf(scratch, `drill_${databases}`, { port }), never);
    onTestFinished(target.close);
    await target.prove("scratch", source);
    return target;
  };
  /** A dump that does something when half of it has been given. */
  async function* givenIn(act: () => unknown): AsyncGenerator<Uint8Array> {
    const half = Math.floor(dump.length / 2);
    yield dump.subarray(0, half);
    await act();
    yield dump.subarray(half);
  }
  const expectFailure = async (load: Promise<void>, says: RegExp): Promise<void> => {
    const said = await load.then(() => "it ended well", (error: unknown) => (error as Error).message);
    expect(said).toMatch(says);
    expect(said).not.toContain(scratch.password);
    for (const program of ["pg_restore", "psql"]) expect(childProcesses(program)).toEqual([]);
  };
  const record = (fault: string, happened: string): void =>
    recordFault({ engine: "postgresql", fault, happened, exit: "error", evidence: "failed", alarm: "check failed", left: "a part in scratch" });

  it("pg_restore killed in the middle", async () => {
    const target = await proven();
    await expectFailure(target.load(givenIn(() => {
      const running = childProcesses("pg_restore");
      expect(running).toHaveLength(1);
      for (const { id } of running) process.kill(id, "SIGKILL");
    })), /pg_restore to end well, it ended with signal SIGKILL/);
    record("pg_restore killed in the middle", "ended with signal SIGKILL");
    await expect(target.load(givenIn(() => undefined)), "a second load would double what is there").rejects.toThrow("It is not empty");
  });

  it("connection cut in the middle of a restore", async () => {
    const gate = await startTcpGate(scratch.port, Number.POSITIVE_INFINITY);
    onTestFinished(gate.stop);
    await expectFailure((await proven(gate.port)).load(givenIn(gate.cut)), /(pg_restore|psql) to end well, it ended with exit code \d/);
    record("connection cut in mid-restore", "ended with an exit code");
  });

  it.runIf(process.platform === "linux")("disk of the scratch server full", async () => {
    const target = await proven();
    const [postmaster = ""] = (await scratch.sql("select pg_read_file('postmaster.pid')")).split("\n");
    // The table's next page cannot be written; the server itself goes on. Only its own account may set its limits.
    execFileSync("prlimit", ["--pid", postmaster, `--fsize=${LARGEST_FILE_BYTES}:${LARGEST_FILE_BYTES}`], { ...unprivilegedAccount() });
    await expectFailure(target.load(givenIn(() => undefined)), /could not (extend|write).* file.*(File too large|No space left)/);
    record("disk of the scratch server full", "could not extend file");
  });
});
