import { spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { CloudWatchClient, ListMetricsCommand } from "@aws-sdk/client-cloudwatch";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BackupManifest } from "../../practice/contract/manifest.ts";
import { metricNames, metricNamespace } from "../../practice/contract/metrics.ts";
import { buildHandlers } from "../../tools/build/handlers.ts";
import { startFullObjectS3 } from "../support/handlers/full-object-s3.ts";
import { makeStore, settingsOf, type TestStore } from "../support/handlers/test-store.ts";
import { describeWithParts, programFolder } from "../support/parts.ts";
import { type PostgresServer, startPostgres } from "../support/servers/postgresql.ts";
import type { S3Server } from "../support/servers/s3.ts";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const names = readdirSync(join(root, "handlers")).filter((name) => existsSync(join(root, "handlers", name, "index.ts")));
const fileOf = (name: string): string => join(root, "dist", "handlers", name, "index.mjs");

beforeAll(async () => {
  await buildHandlers(root);
});

describe("the bundles of the handlers", () => {
  it("are the same bytes whenever they are built", async () => {
    const before = names.map((name) => readFileSync(fileOf(name)));
    await buildHandlers(root);
    names.forEach((name, index) => expect(readFileSync(fileOf(name)).equals(before[index] ?? Buffer.alloc(0)), name).toBe(true));
  });

  it.each(names)("name no folder of the machine that built %s", (name) => {
    expect(readFileSync(fileOf(name), "utf8")).not.toContain(root);
  });

  it.each(names)("hold all that %s needs", (name) => {
    const outside = [...readFileSync(fileOf(name), "utf8").matchAll(/\bfrom\s*"([\w@./:-]+)"/g)].map(([, specifier = ""]) => specifier);
    expect(outside.length).toBeGreaterThan(0);
    expect(outside.filter((specifier) => !specifier.startsWith("node:") && !builtin.has(specifier))).toEqual([]);
  });
});

const builtin = new Set(["assert", "buffer", "child_process", "crypto", "events", "fs", "fs/promises", "http", "http2", "https", "os", "path", "process", "stream", "tty", "url", "util", "zlib"]);

describeWithParts("the bundles, run as Lambda runs them", ["postgresql", "s3"], () => {
  let server: S3Server;
  let postgres: PostgresServer;
  let store: TestStore;
  beforeAll(async () => {
    [server, postgres] = await Promise.all([startFullObjectS3(), startPostgres()]);
    store = await makeStore(server);
    await postgres.sql("create table users as select generate_series(1, 1000) as id");
    await new SecretsManagerClient(settingsOf(server)).send(new CreateSecretCommand({
      Name: "campus/prod/accounts",
      SecretString: JSON.stringify({ username: postgres.user, password: postgres.password, sslmode: "disable" }),
    }));
  });
  afterAll(() => Promise.all([server.stop(), postgres.stop()]));

  /** A process of its own, with the environment that a component sets; gives what it wrote and its exit code. */
  const invoke = (name: string, event: unknown, env: Readonly<Record<string, string>>): Promise<{ readonly output: string; readonly code: number | null }> => new Promise((resolve, reject) => {
    const script = `const { handler } = await import(process.argv[1]);
      await handler(JSON.parse(process.argv[2]), { awsRequestId: "request-1", getRemainingTimeInMillis: () => 300000 });`;
    const child = spawn(process.execPath, ["--input-type=module", "--eval", script, pathToFileURL(fileOf(name)).href, JSON.stringify(event)], {
      env: { ...server.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true", UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "prod", UPKEEP_STORE_BUCKET: store.name, ...env },
      timeout: 60_000,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => void (output += chunk.toString()));
    child.once("error", reject);
    child.once("close", (code) => resolve({ output, code }));
  });
  const backup = {
    UPKEEP_SOURCE: "accounts", UPKEEP_ENGINE: "postgresql", UPKEEP_DATABASE: "postgres", UPKEEP_SECRET: "campus/prod/accounts", UPKEEP_SIZE_GIB: "1",
  };

  it("back a database up, check the backup, find it, and keep it", async () => {
    const sources = {
      UPKEEP_SOURCES: '[{"source":"accounts","keepDays":30,"levels":["checksums","decode"]}]', UPKEEP_REPLICA_BUCKET: (await makeStore(server)).name, UPKEEP_REPLICA_REGION: server.region,
    };
    const scheduledTime = `${new Date(Date.now() - 60_000).toISOString().slice(0, 19)}Z`;
    const env = { ...backup, UPKEEP_HOST: postgres.host, UPKEEP_PORT: String(postgres.port), UPKEEP_TOOLS: programFolder("postgresql") };
    const first = await invoke("backup", { scheduledTime }, env);
    expect(first).toMatchObject({ code: 0 });
    expect(first.output.trim().split("\n").map((line) => JSON.parse(line) as unknown)).toMatchObject([
      { message: "started", handler: "backup", requestId: "request-1" }, { message: "finished", result: { outcome: "stored" } },
    ]);
    expect(first.output).not.toContain(postgres.password);
    expect((await invoke("backup", { scheduledTime }, env)).output).toContain("already-stored");
    const manifestAt = (await store.keys()).find((key) => key.endsWith("manifest.json")) ?? "";
    const { runId } = JSON.parse(await store.text(manifestAt)) as BackupManifest;

    for (const level of ["checksums", "decode"]) {
      const verified = await invoke("verify", { scheduledTime, level }, {
        UPKEEP_SOURCE: "accounts", UPKEEP_ENGINE: "postgresql", UPKEEP_KEEP_DAYS: "30", UPKEEP_TOOLS: programFolder("postgresql"),
      });
      expect(verified).toMatchObject({ code: 0 });
      expect(verified.output).toContain(`"level":"${level}"`);
      expect(verified.output).toContain('"outcome":"verified"');
    }

    const seen = await invoke("evidence", {}, sources);
    expect(seen).toMatchObject({ code: 0 });
    expect(seen.output).toContain(`"newest":{"accounts":"${runId}"}`);
    const kept = await invoke("retention", {}, sources);
    expect(kept).toMatchObject({ code: 0 });
    expect(kept.output).toContain('"superseded":{"accounts":[]}');

    // What takes three older backups, or a drill.
    const ofMore: readonly string[] = [metricNames.backupSizeOfMedian, metricNames.backupSizeOff, metricNames.restoreAge, metricNames.restoreDuration];
    const { Metrics } = await new CloudWatchClient(settingsOf(server)).send(new ListMetricsCommand({ Namespace: metricNamespace }));
    expect((Metrics ?? []).map(({ MetricName = "" }) => MetricName).toSorted()).toEqual(Object.values(metricNames).filter((metric) => !ofMore.includes(metric)).toSorted());
    expect(Metrics?.find(({ MetricName }) => MetricName === metricNames.backupAge)?.Dimensions?.map(({ Name, Value }) => `${Name}=${Value}`).toSorted())
      .toEqual(["Source=accounts", "Stack=prod", "System=campus"]);
  }, 60_000);

  it("fail loudly and name what is missing", async () => {
    const failed = await invoke("backup", { scheduledTime: "2026-11-23T02:00:00Z" }, {});
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("not set: UPKEEP_SOURCE, UPKEEP_ENGINE, UPKEEP_DATABASE, UPKEEP_SECRET, UPKEEP_SIZE_GIB.");
  });

  it("never write a password, also when it is wrong", async () => {
    await new SecretsManagerClient(settingsOf(server)).send(new CreateSecretCommand({
      Name: "wrong", SecretString: JSON.stringify({ username: postgres.user, password: "hunter-two", host: postgres.host, port: postgres.port, sslmode: "disable" }),
    }));
    const failed = await invoke("backup", { scheduledTime: "2026-11-23T02:00:00Z" }, { ...backup, UPKEEP_SECRET: "wrong", UPKEEP_TOOLS: programFolder("postgresql") });
    expect(failed.code).not.toBe(0);
    expect(failed.output).toContain("password authentication failed");
    expect(failed.output).not.toContain("hunter-two");
  });
});
