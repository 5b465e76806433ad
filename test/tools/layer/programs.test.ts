import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PROGRAMS } from "../../../tools/layer/contents.ts";
import { elfNeeds } from "../../../tools/layer/elf.ts";
import { portabilityProblem } from "../../../tools/layer/portable.ts";
import { readVersions } from "../../../tools/layer/versions.ts";
import { describeWithParts, programFolder, programPath } from "../../support/parts.ts";
import { certificateFiles } from "../../support/servers/certificate.ts";
import { type PostgresServer, startPostgres } from "../../support/servers/postgresql.ts";
import { type RedisServer, startRedis } from "../../support/servers/redis.ts";
import { unprivilegedAccount } from "../../support/servers/unprivileged-account.ts";

vi.setConfig({ testTimeout: 60_000 });

const execute = promisify(execFile);
/** As Lambda starts them: by path, with nothing of ours in the environment. */
const runTool = (program: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) =>
  execute(programPath("tools", program), [...args], { env: { LC_ALL: "C", ...env }, timeout: 50_000 });

const folders: string[] = [];
const scratch = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-tools-"));
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

describe("what a program needs of the system", () => {
  it.runIf(process.platform === "linux")("is read from it: Node is linked against glibc, with versions", () => {
    const { libraries, versions } = elfNeeds(readFileSync(process.execPath), "node");
    expect(libraries).toEqual(expect.arrayContaining([expect.stringMatching(/^libc\.so\.\d$/)]));
    expect(versions).toEqual(expect.arrayContaining([expect.stringMatching(/^GLIBC_2\.\d+$/)]));
  });
});

describeWithParts("the programs of the layer", ["tools"], () => {
  it.each(PROGRAMS)("%s needs no symbol above GLIBC_2.34 and no library but glibc's", (program) => {
    const file = programPath("tools", program);
    expect(portabilityProblem(file, program)).toBeUndefined();
  });

  it("would be refused with a newer symbol, by name", () => {
    expect(portabilityProblem(programPath("tools", "pg_dump"), "pg_dump", "2.33")).toMatch(/^Expected pg_dump to need no symbol above GLIBC_2\.33, .* it needs GLIBC_2\.34: build it where glibc is older/);
  });

  it("say their versions and where they come from in a file", () => {
    const versions = readVersions(dirname(programFolder("tools")));
    expect(versions.programs.map(({ name, says }) => [name, says])).toEqual([
      ["mongodump", expect.stringMatching(/^mongodump version: 100\./)], ["mongorestore", expect.stringMatching(/^mongorestore version: 100\./)],
      ["pg_dump", "pg_dump (PostgreSQL) 18.6"], ["pg_restore", "pg_restore (PostgreSQL) 18.6"], ["psql", "psql (PostgreSQL) 18.6"],
      ["redis-check-rdb", "redis-check-rdb 7.0.15"], ["redis-cli", "redis-cli 7.0.15"],
    ]);
    expect(versions.rdb).toEqual({ oldest: 1, newest: 10 });
    expect(versions.origins.map(({ name, licence }) => [name, licence])).toEqual([["mongo-tools", "Apache-2.0"], ["PostgreSQL", "PostgreSQL"], ["Redis", "BSD-3-Clause"]]);
    expect(versions.linked.map(({ name }) => name)).toEqual(["OpenSSL", "OpenSSL", "Zstandard", "LZ4", "zlib"]);
    const terms = (path: string) => readFileSync(join(dirname(programFolder("tools")), versions.licences, path), "utf8");
    expect(terms("PostgreSQL/COPYRIGHT")).toContain("PostgreSQL Global Development Group");
    expect(terms("Redis/COPYING")).toContain("Redistribution and use in source and binary forms");
  });

  it("hold no path of the machine that built them", () => {
    for (const program of PROGRAMS) {
      const text = readFileSync(programPath("tools", program), "latin1");
      expect(text.includes(dirname(dirname(programFolder("tools")))), program).toBe(false);
    }
  });
});

describeWithParts("the layer's programs and an older PostgreSQL, over TLS", ["tools", "postgresql"], () => {
  let server: PostgresServer;
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const account = unprivilegedAccount();
    const { folder, certificate, key } = await certificateFiles(account);
    folders.push(folder);
    server = await startPostgres();
    for (const statement of [`alter system set ssl_cert_file = '${certificate}'`, `alter system set ssl_key_file = '${key}'`, "alter system set ssl = on", "select pg_reload_conf()"]) await server.sql(statement);
    await server.sql("create table orders (id int primary key, what text); insert into orders select n, md5(n::text) from generate_series(1, 5000) n");
    const passwords = join(scratch(), "pgpass");
    writeFileSync(passwords, `127.0.0.1:${server.port}:*:${server.user}:${server.password}\n`, { mode: 0o600 });
    env = { PGHOST: server.host, PGPORT: String(server.port), PGUSER: server.user, PGPASSFILE: passwords, PGSSLMODE: "verify-full", PGSSLROOTCERT: certificate };
    await vi.waitFor(() => runTool("psql", ["-XqAtc", "select 1", "postgres"], env), { timeout: 10_000, interval: 100 });
  });
  afterAll(() => server.stop());

  it.each(["zstd:1", "lz4:1", "gzip:1"])("dump with %s, and restore what was there", async (compression) => {
    const file = join(scratch(), "orders.pgc");
    await runTool("pg_dump", ["-Fc", "-Z", compression, "-f", file, "postgres"], env);
    const database = `restored_${compression.slice(0, 3)}`;
    await server.sql(`create database ${database}`);
    // From 17 on, pg_restore sets a timeout that no older server knows: the one error that is none.
    const isKnown = Number(await server.sql("show server_version_num")) >= 170_000;
    const restored = runTool("pg_restore", ["-d", database, file], env);
    if (isKnown) await restored;
    else await expect(restored).rejects.toThrow(/unrecognized configuration parameter "transaction_timeout"[^]*errors ignored on restore: 1\n$/);
    const answer = await runTool("psql", ["-XqAt", "-d", database, "-c", "select count(*), md5(string_agg(what, '' order by id)) from orders"], env);
    expect(answer.stdout.trim()).toBe(await server.sql("select count(*), md5(string_agg(what, '' order by id)) from orders"));
  });

  it("speak TLS 1.3, and refuse a server that another authority vouches for", async () => {
    const { stdout } = await runTool("psql", ["-XqAtc", "select version from pg_stat_ssl where pid = pg_backend_pid()", "postgres"], env);
    expect(stdout.trim()).toBe("TLSv1.3");
    const stranger = await certificateFiles();
    folders.push(stranger.folder);
    await expect(runTool("pg_dump", ["-Fc", "postgres"], { ...env, PGSSLROOTCERT: stranger.certificate })).rejects.toThrow(/certificate verify failed/);
  });
});

describeWithParts("the layer's programs and Redis", ["tools", "redis"], () => {
  let server: RedisServer;
  let connection: readonly string[];
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    const { folder, certificate, key } = await certificateFiles();
    folders.push(folder);
    server = await startRedis({ tls: { certificate, key, authority: certificate } });
    connection = ["-h", server.host, "-p", String(server.port), "--user", server.user, "--tls", "--cacert", certificate];
    env = { REDISCLI_AUTH: server.password };
    await server.command("EVAL", "for n = 1, 1000 do redis.call('SET', 'session:' .. n, string.rep('x', 100)) end", "0");
  });
  afterAll(() => server.stop());

  it("copy a database through replication over TLS, and find the copy whole", async () => {
    const file = join(scratch(), "dump.rdb");
    await runTool("redis-cli", [...connection, "--rdb", file], env);
    const { stdout } = await runTool("redis-check-rdb", [file]);
    expect(stdout).toMatch(/RDB looks OK/);
    expect(stdout).toMatch(/1000 keys read/);
  });

  it("find a copy broken that was cut off, or holds one wrong byte", async () => {
    const file = join(scratch(), "dump.rdb");
    await runTool("redis-cli", [...connection, "--rdb", file], env);
    const size = statSync(file).size;
    const wrong = readFileSync(file);
    wrong[Math.floor(size / 2)] = (wrong[Math.floor(size / 2)] ?? 0) ^ 0x01;
    const flipped = join(scratch(), "flipped.rdb");
    writeFileSync(flipped, wrong);
    await expect(runTool("redis-check-rdb", [flipped])).rejects.toMatchObject({ code: 1 });
    truncateSync(file, Math.floor(size / 2));
    await expect(runTool("redis-check-rdb", [file])).rejects.toMatchObject({ code: 1 });
  });
});
