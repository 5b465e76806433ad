import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Dump } from "../../../handlers/engines/dump.ts";
import { openPostgresqlDump } from "../../../handlers/engines/postgresql/dump.ts";
import { startProgram } from "../../../handlers/programs/program.ts";
import { childProcesses } from "../../support/handlers/processes.ts";
import { scriptedPostgresql } from "../../support/handlers/scripted-postgresql.ts";
import { scriptsFolder } from "../../support/handlers/scripts.ts";

const credentials = { username: "upkeep", password: "a-secret", host: "db.example" };

const programs = (dump: string, versions: { readonly client?: string; readonly server?: string } = {}): string => scriptedPostgresql({ dump, ...versions });

describe("a dump program", () => {
  let scratch: string;
  let tools = "";
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    process.env["TMPDIR"] = scratch;
  });
  afterEach(() => {
    delete process.env["TMPDIR"];
    expect(readdirSync(scratch).filter((name) => name.startsWith("upkeep-")), "what holds the password is gone").toEqual([]);
    expect(childProcesses(tools), "no program is left").toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const open = (folder: string): Promise<Dump> => {
    tools = folder;
    return openPostgresqlDump({ credentials, database: "accounts", defaultPort: 5432, tools }, "full", new AbortController().signal);
  };
  const read = async (folder: string): Promise<string> => {
    const dump = await open(folder);
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of dump.body) chunks.push(chunk);
      return Buffer.concat(chunks).toString();
    } finally {
      await dump.close();
    }
  };

  it("that exits with an error after complete output fails the dump, with its last words", async () => {
    await expect(read(programs("echo everything; echo 'last words' >&2; exit 3"))).rejects.toThrow(/exit code 3\. Its last lines: last words/);
  });

  it("that has ended before anybody reads is read to its last byte", async () => {
    const folder = scriptsFolder({ writer: "echo everything" });
    const program = startProgram({ file: join(folder, "writer"), args: [], env: {}, redact: (text) => text });
    await expect.poll(() => childProcesses(folder)).toEqual([]);
    // Node sees the end a moment after it.
    await wait(200);
    const chunks: Uint8Array[] = [];
    for await (const chunk of program.output) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe("everything\n");
  });

  it("is heard to its end: what is said after it exited counts too", async () => {
    await expect(read(programs("(sleep 0.3; echo 'last words' >&2) >/dev/null & exit 3"))).rejects.toThrow(/exit code 3\. Its last lines: last words/);
  });

  it("that is killed fails the dump", async () => {
    await expect(read(programs("echo half; kill -9 $$"))).rejects.toThrow("ended with signal SIGKILL");
  });

  it("never has its password shown, nor a connection that quotes it", async () => {
    const failed = await read(programs(`echo "password=a-secret host=db" >&2; exit 1`)).then(() => undefined, (error: unknown) => error as Error);
    expect(failed?.message).toContain("password=[redacted] host=db");
  });

  it("may complain as long as it wants: the last 64 KiB are kept", async () => {
    const failed = await read(programs(`head -c 300000 /dev/zero | tr '\\0' 'x' >&2; echo the end >&2; exit 1`)).then(() => undefined, (error: unknown) => error as Error);
    expect(failed?.message).toMatch(/the end$/);
    expect(failed?.message.length).toBeLessThan(70_000);
  });

  it("that does not end when asked to is killed", async () => {
    const dump = await open(programs("trap '' TERM; echo begun; while :; do sleep 0.2; done"));
    await dump.body[Symbol.asyncIterator]().next();
    const before = performance.now();
    await dump.close();
    expect(performance.now() - before).toBeGreaterThan(4_000);
  });

  it("that is not there is named", async () => {
    await expect(open(scriptsFolder({}))).rejects.toThrow(/Expected to run .*pg_dump, it cannot be started: .*ENOENT/);
  });

  it("older than its server is refused before the first byte, with the way out", async () => {
    const folder = programs("echo must not run >&2; exit 9", { client: "15.18", server: "18.6" });
    await expect(open(folder)).rejects.toThrow(/Expected a pg_dump of PostgreSQL 18 or newer .*15\.18.*toolsLayer/);
  });

  it.each([["15.18", "15.2", "--compress=1"], ["16.0", "15.2", "--compress=zstd:1"], ["18.6", "9.6.24", "--compress=zstd:1"]])(
    "of version %s compresses a server of version %s with %s", async (client, server, expected) => {
      await expect(read(programs(`echo "$@"`, { client, server }))).resolves.toContain(`--format=custom ${expected} --snapshot=00000003-0000001B-1 --no-password `);
    },
  );

  it("finds its password in a file that nobody else can read, and in nothing else", async () => {
    const told = await read(programs(`echo "args: $@"; env; stat -c '%a %n' "$PGPASSFILE" "$(dirname "$PGPASSFILE")"; cat "$PGPASSFILE"`));
    const [file] = told.split("\n").slice(-2);
    expect(file).toBe("*:*:*:*:a-secret");
    expect(told.split("a-secret")).toHaveLength(2);
    expect(told).toMatch(/^600 .*\/password$/m);
    expect(told).toMatch(/^700 .*\/upkeep-\w+$/m);
    expect(told).not.toContain("NODE_");
  });

  it("finds its libraries beside its folder, as a layer lays them out", async () => {
    const folder = programs(`echo "$LD_LIBRARY_PATH"`);
    await expect(read(folder)).resolves.toBe(`${join(dirname(folder), "lib")}\n`);
    await expect(read(`${folder}/`)).resolves.toBe(`${join(dirname(folder), "lib")}\n`);
  });

  it("asks for an encrypted connection", async () => {
    await expect(read(programs(`echo "$PGSSLMODE"`))).resolves.toBe("require\n");
  });

  it("verifies the server where the secret brings a certificate", async () => {
    tools = programs(`echo "$PGSSLMODE"; cat "$PGSSLROOTCERT"`);
    const verified = { ...credentials, caCertificate: "PEM of the authority" };
    const dump = await openPostgresqlDump({ credentials: verified, database: "accounts", defaultPort: 5432, tools }, "full", new AbortController().signal);
    const chunks: Uint8Array[] = [];
    for await (const chunk of dump.body) chunks.push(chunk);
    await dump.close();
    expect(Buffer.concat(chunks).toString()).toBe("verify-full\nPEM of the authority");
  });

  it("is stopped while its version is asked for when the deadline comes", async () => {
    tools = scriptsFolder({ pg_dump: "sleep 30" });
    const begun = performance.now();
    const late = openPostgresqlDump({ credentials, database: "accounts", defaultPort: 5432, tools }, "full", AbortSignal.timeout(200));
    await expect(late).rejects.toThrow(/timeout/);
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});

