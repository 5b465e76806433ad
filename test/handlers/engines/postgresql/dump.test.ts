import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import type { UserCredentials } from "../../../../handlers/engines/credentials.ts";
import type { PostgresqlDatabase } from "../../../../handlers/engines/postgresql/connection.ts";
import { openPostgresqlDump } from "../../../../handlers/engines/postgresql/dump.ts";
import type { Dump } from "../../../../handlers/engines/dump.ts";
import { runBackup } from "../../../../handlers/backup/run.ts";
import type { BackupManifest } from "../../../../practice/contract/manifest.ts";
import type { BackupOutcome } from "../../../../practice/contract/events.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { fetchTo } from "../../../support/handlers/object-file.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { makeStore, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts, programFolder, programPath } from "../../../support/parts.ts";
import { type PostgresServer, startPostgres } from "../../../support/servers/postgresql.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import type { S3Server } from "../../../support/servers/s3.ts";

const execute = promisify(execFile);
const folder = "campus/accounts/2026/11/20261123T020000Z/";
const job = jobAt("2026-11-23T02:00:00Z", { database: "postgres" });

/** Random text, which hardly compresses: about 4 MB, more than the pipes hold, so that pg_dump waits for its reader. */
const ROWS = 180_000;

/** About 18 MB: an upload of two parts. */
const ROWS_OF_TWO_PARTS = 800_000;
const rowsOf = (count: number): string => `create table users as select g as id, md5(random()::text) as name from generate_series(1, ${count}) g`;

describeWithParts("a backup of PostgreSQL", ["postgresql", "s3"], () => {
  let server: S3Server;
  let postgres: PostgresServer;
  let store: TestStore;
  let scratch: string;
  beforeAll(async () => {
    [server, postgres] = await Promise.all([startFullObjectS3(), startPostgres()]);
    await postgres.sql(`${rowsOf(ROWS)}; create index on users (name); create view few as select * from users where id < 10;`);
  });
  afterAll(() => Promise.all([server.stop(), postgres.stop()]));
  beforeEach(async () => {
    store = await makeStore(server);
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    process.env["TMPDIR"] = scratch;
  });
  afterEach(() => {
    delete process.env["TMPDIR"];
    // Whatever happened, the folder with the password is gone.
    expect(readdirSync(scratch).filter((name) => name.startsWith("upkeep-"))).toEqual([]);
    expect(childProcesses("pg_dump")).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const source = (changed: Partial<UserCredentials> = {}): PostgresqlDatabase & { readonly credentials: UserCredentials } => ({
    credentials: { username: postgres.user, password: postgres.password, host: postgres.host, port: postgres.port, sslmode: "disable", ...changed },
    database: postgres.database, defaultPort: 5432, tools: programFolder("postgresql"),
  });
  const backUp = (change: (dump: Dump) => Dump = (dump) => dump, from = source(), signal = new AbortController().signal): Promise<BackupOutcome> =>
    runBackup(job, {
      store, attempt: "one", now: () => new Date(), signal,
      openDump: async (stop) => change(await openPostgresqlDump(from, "full", stop)),
    });
  const expectNothingStored = async (): Promise<void> => {
    await expect(store.keys()).resolves.toEqual([]);
    await expect(store.unfinished()).resolves.toEqual([]);
  };
  /** Does something to the running program after the first, or after that many, chunks. */
  const interruptedAt = (chunks: number, interrupt: () => void) => (dump: Dump): Dump => ({
    ...dump,
    body: (async function* () {
      let seen = 0;
      if (chunks === 0) interrupt();
      for await (const chunk of dump.body) {
        yield chunk;
        if ((seen += 1) === chunks) interrupt();
      }
    })(),
  });
  const killDump = (): void => {
    const [running] = childProcesses("pg_dump");
    if (running === undefined) throw new Error("Expected pg_dump to run, it does not.");
    process.kill(running.id, "SIGKILL");
  };

  it("is restored by stock pg_restore, row for row", async () => {
    await expect(backUp()).resolves.toMatchObject({ outcome: "stored" });
    const manifest = JSON.parse(await store.text(`${folder}manifest.json`)) as BackupManifest;
    expect(manifest.tool).toMatch(/^pg_dump \(PostgreSQL\) \d+/);
    expect(manifest.serverVersion).toMatch(/^\d+/);
    const file = join(scratch, "fetched.dump");
    await fetchTo(file, store, manifest.object.key);
    await postgres.sql("create database restored");
    await execute(programPath("postgresql", "pg_restore"), [
      "--exit-on-error", "--no-owner", "-h", postgres.host, "-p", String(postgres.port), "-U", postgres.user, "-d", "restored", file,
    ], { env: { ...process.env, PGPASSWORD: postgres.password } });
    const fingerprint = "select count(*), sum(hashtextextended(users::text, 0)) from users";
    await expect(postgres.sql(fingerprint, "restored")).resolves.toBe(await postgres.sql(fingerprint));
    await expect(postgres.sql("select count(*) from few", "restored")).resolves.toBe("9");
  });

  it("has the checksum of all its bytes when it was sent in parts", async () => {
    await postgres.sql("create database large");
    await postgres.sql(rowsOf(ROWS_OF_TWO_PARTS), "large");
    await backUp(undefined, { ...source(), database: "large" });
    const { object } = JSON.parse(await store.text(`${folder}manifest.json`)) as BackupManifest;
    expect(object.bytes).toBeGreaterThan(16 * 1024 * 1024);
    const file = join(scratch, "fetched.dump");
    await fetchTo(file, store, object.key);
    expect(createHash("sha256").update(readFileSync(file)).digest("hex")).toBe(object.sha256);
  }, 60_000);

  it("shows the password to nobody while it runs", async () => {
    let seen: ReturnType<typeof childProcesses> = [];
    await backUp(interruptedAt(1, () => {
      seen = childProcesses("pg_dump");
    }));
    expect(seen).toHaveLength(1);
    expect(seen[0]?.command).not.toContain(postgres.password);
    expect(seen[0]?.environment).not.toContain(postgres.password);
    // The function's own credentials stay with the function.
    expect(seen[0]?.environment).not.toContain("AWS_");
  });

  it.each([["before its first byte is read", 0], ["in the middle", 20]])("leaves nothing when pg_dump is killed %s", async (_, chunks) => {
    await expect(backUp(interruptedAt(chunks, killDump))).rejects.toThrow("ended with signal SIGKILL");
    await expectNothingStored();
  });

  it("leaves nothing when the deadline comes, and ends pg_dump", async () => {
    const deadline = new AbortController();
    const late = interruptedAt(10, () => deadline.abort(new Error("the deadline")));
    await expect(backUp(late, source(), deadline.signal)).rejects.toThrow("the deadline");
    await expectNothingStored();
  });

  it("says clearly that the password is wrong, without any password", async () => {
    const failed = await backUp(undefined, source({ password: "wrong-secret" })).then(() => undefined, (error: unknown) => error as Error);
    expect(failed?.message).toMatch(/psql.* ended with exit code 2\. .*password authentication failed/s);
    expect(`${failed?.message}${failed?.stack}`).not.toContain("wrong-secret");
    await expectNothingStored();
  });

  it("takes a password with every character that a password file minds", async () => {
    await postgres.sql(String.raw`create role odd superuser login password 'a:b\c''d "e #'`);
    await expect(backUp(undefined, source({ username: "odd", password: String.raw`a:b\c'd "e #` }))).resolves.toMatchObject({ outcome: "stored" });
  });

  it("refuses a server without encryption unless the secret allows it", async () => {
    const { sslmode: _, ...credentials } = source().credentials;
    await expect(backUp(undefined, { ...source(), credentials })).rejects.toThrow("does not support SSL");
    await expectNothingStored();
  });
});
