import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Dump } from "../../../../handlers/engines/dump.ts";
import type { MongodbDatabase } from "../../../../handlers/engines/mongodb/connection.ts";
import { openMongodbDump } from "../../../../handlers/engines/mongodb/dump.ts";
import { runBackup } from "../../../../handlers/backup/run.ts";
import type { BackupOutcome } from "../../../../practice/contract/events.ts";
import type { BackupManifest } from "../../../../practice/contract/manifest.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { bson, end, prelude, segment } from "../../../support/handlers/archive.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { fetchTo } from "../../../support/handlers/object-file.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { makeStore, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts, programFolder, programPath } from "../../../support/parts.ts";
import { type MongoServer, startMongo } from "../../../support/servers/mongodb.ts";
import type { S3Server } from "../../../support/servers/s3.ts";

const execute = promisify(execFile);
const folder = "campus/catalogue/2026/11/20261123T020000Z/";
const job = jobAt("2026-11-23T02:00:00Z", { source: "catalogue", engine: "mongodb", database: "shop" });
const DOCUMENTS = 3_000;
const documents = Array.from({ length: DOCUMENTS }, (_, index) => bson({ _id: index + 1, text: `course ${index} ${"x".repeat(index % 700)}` }));
const archive = Buffer.concat([
  prelude("shop.courses", "shop.empty"), segment("shop.courses", ...documents), end("shop.courses", ...documents), segment("shop.empty"), end("shop.empty"),
]);

describeWithParts("a backup of MongoDB", ["mongodb", "mongo-tools", "s3"], () => {
  let server: S3Server;
  let mongo: MongoServer;
  let store: TestStore;
  let scratch: string;

  const restore = async (from: MongoServer, file: string, ...args: readonly string[]): Promise<void> => {
    await execute(programPath("mongo-tools", "mongorestore"), [`--uri=${from.uri}`, `--archive=${file}`, "--noIndexRestore", "-j=1", ...args]);
  };

  beforeAll(async () => {
    [server, mongo] = await Promise.all([startFullObjectS3(), startMongo()]);
    const seed = mkdtempSync(join(tmpdir(), "seed-"));
    writeFileSync(join(seed, "archive"), archive);
    await restore(mongo, join(seed, "archive"));
    rmSync(seed, { recursive: true });
  });
  afterAll(() => Promise.all([server.stop(), mongo.stop()]));
  beforeEach(async () => {
    store = await makeStore(server);
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    process.env["TMPDIR"] = scratch;
  });
  afterEach(() => {
    delete process.env["TMPDIR"];
    expect(readdirSync(scratch).filter((name) => name.startsWith("upkeep-")), "what holds the password is gone").toEqual([]);
    expect(childProcesses("mongodump")).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const source = (changed: Partial<MongodbDatabase> = {}): MongodbDatabase => ({
    credentials: { username: mongo.user, password: mongo.password, host: mongo.host, port: mongo.port, tls: false },
    database: "shop", tools: programFolder("mongo-tools"), ...changed,
  });
  const backUp = (from = source(), change: (dump: Dump) => Dump = (dump) => dump): Promise<BackupOutcome> => runBackup(job, {
    store, attempt: "one", now: () => new Date(), signal: new AbortController().signal,
    openDump: async (signal) => change(await openMongodbDump(from, signal)),
  });
  const expectNothingStored = async (): Promise<void> => {
    await expect(store.keys()).resolves.toEqual([]);
    await expect(store.unfinished()).resolves.toEqual([]);
  };

  it("counts what it holds, and stock mongorestore brings it back", async () => {
    await expect(backUp()).resolves.toMatchObject({ outcome: "stored" });
    const manifest = JSON.parse(await store.text(`${folder}manifest.json`)) as BackupManifest;
    expect(manifest.counts).toEqual({ "shop.courses": DOCUMENTS, "shop.empty": 0 });
    expect(manifest.server?.address).toBe(`${hostname().toLowerCase()}:${mongo.port}`);
    expect(manifest.tool).toMatch(/^mongodump version/);
    expect(manifest.serverVersion).toMatch(/^\d+\.\d+/);

    const compressed = join(scratch, "fetched.archive.gz");
    await fetchTo(compressed, store, manifest.object.key);
    expect(gunzipSync(readFileSync(compressed))).toHaveLength(manifest.dumpBytes);
    await restore(mongo, compressed, "--gzip", "--nsFrom=shop.*", "--nsTo=shop_restored.*");
    const again = await openMongodbDump(source({ database: "shop_restored" }), new AbortController().signal);
    const chunks: Uint8Array[] = [];
    for await (const chunk of again.body) chunks.push(chunk);
    await again.close();
    expect(again.describe().hashes?.["shop_restored.courses"]).toBe(manifest.hashes?.["shop.courses"]);
    expect(again.describe().counts).toEqual({ "shop_restored.courses": DOCUMENTS, "shop_restored.empty": 0 });
    for (const document of [documents[0], documents[1234], documents.at(-1)]) expect(gunzipSync(Buffer.concat(chunks)).includes(document ?? "")).toBe(true);
  });

  it("shows the password to nobody while it runs", async () => {
    let seen: ReturnType<typeof childProcesses> = [];
    const dump = await openMongodbDump(source(), new AbortController().signal);
    seen = childProcesses("mongodump");
    await dump.close();
    expect(seen).toHaveLength(1);
    expect(seen[0]?.command).not.toContain(mongo.password);
    expect(seen[0]?.environment).not.toContain(mongo.password);
  });

  it("takes a connection string, and says nothing of it when it fails", async () => {
    await expect(backUp(source({ credentials: { uri: `${mongo.uri}&tls=false` } }))).resolves.toMatchObject({ outcome: "stored" });
    const wrong = mongo.uri.replace(mongo.password, "wrong%20secret");
    const failed = await openMongodbDump(source({ credentials: { uri: wrong } }), new AbortController().signal)
      .then(async (dump) => {
        try {
          for await (const _ of dump.body) continue;
        } finally {
          await dump.close();
        }
      }).then(() => undefined, (error: unknown) => error as Error);
    expect(failed?.message).toMatch(/mongodump to end well, it ended with exit code 1.*auth/is);
    expect(failed?.message).not.toMatch(/wrong( |%20)secret/);
  });

  it("refuses a database that is not there instead of storing nothing", async () => {
    await expect(backUp(source({ database: "shopp" }))).rejects.toThrow("Expected collections in the database shopp, it has none");
    await expectNothingStored();
  });

  it("refuses a server without encryption unless the secret allows it", async () => {
    const { username, password, host, port } = { username: mongo.user, password: mongo.password, host: mongo.host, port: mongo.port };
    const encrypted = source({ credentials: { username, password, host, port }, firstBytesMilliseconds: 2_000 });
    await expect(backUp(encrypted)).rejects.toThrow('Expected mongodump to begin within 2 s, it did not');
    await expectNothingStored();
  });

  it.each([
    ["a truncated archive", archive.subarray(0, archive.length - 100)],
    ["an archive with one changed byte", Buffer.concat([archive.subarray(0, 9_000), Buffer.from([archive.readUInt8(9_000) ^ 1]), archive.subarray(9_001)])],
  ])("stores nothing of %s, even when mongodump ends well", async (fault, bytes) => {
    const file = join(scratch, "bad.archive");
    writeFileSync(file, bytes);
    const tools = scriptsFolder({ mongodump: `if [ "$1" = --version ]; then echo "mongodump version: 100"; exit; fi\ncat ${file}` });
    await expect(backUp(source({ tools }))).rejects.toThrow(/^Expected .*(archive|namespace)/);
    await expectNothingStored();
    recordFault({ engine: "mongodb", fault: `${fault}, exit code 0`, happened: "the inspector refuses it", exit: "error", evidence: "no manifest", alarm: "failed, late", left: "nothing" });
  });
});

describe("the connection of mongodump", () => {
  const toldBy = async (script: string, credentials: MongodbDatabase["credentials"], defaultPort?: number): Promise<string> => {
    const tools = scriptsFolder({ mongodump: `if [ "$1" = --version ]; then echo 1; exit; fi\nconfig="\${1#--config=}"\n{ ${script}; } >&2; exit 1` });
    const dump = await openMongodbDump({ credentials, database: "shop", tools, ...(defaultPort === undefined ? {} : { defaultPort }) }, new AbortController().signal);
    const failed = await (async () => {
      for await (const _ of dump.body) continue;
    })().then(() => undefined, (error: unknown) => error as Error);
    await dump.close();
    return /Its last lines: (.*)/s.exec(failed?.message ?? "")?.[1] ?? "";
  };
  const user = { username: "up", password: "p w" };
  /** Cut after the password, so that neither it nor the whole of the connection is redacted. */
  const shape = `sed 's/p%20w/-/'  "$config"`;

  it("is redacted as a whole from what the program says", async () => {
    await expect(toldBy(`cat "$config"`, { ...user, host: "c.example" })).resolves.toBe('uri: "[redacted]"');
  });

  it.each([
    ["looks a host without port up in DNS", { ...user, host: "c.mongodb.net" }, undefined, "mongodb+srv://up:-@c.mongodb.net/?serverSelectionTimeoutMS=20000&authSource=admin&tls=true"],
    ["takes the port of the stack file", { ...user, host: "db.example" }, 27018, "mongodb://up:-@db.example:27018/?serverSelectionTimeoutMS=20000&authSource=admin&tls=true"],
    ["takes the port of the secret first", { ...user, host: "db.example", port: 27019 }, 27018, "mongodb://up:-@db.example:27019/?serverSelectionTimeoutMS=20000&authSource=admin&tls=true"],
    ["takes a replica set", { ...user, host: "a:1,b:2", authSource: "shop", tls: false }, 27018, "mongodb://up:-@a:1,b:2/?serverSelectionTimeoutMS=20000&authSource=shop&tls=false"],
    ["adds to a connection string only what it does not say", { uri: "mongodb+srv://up:p%20w@c.mongodb.net/?serverSelectionTimeoutMS=1" }, undefined, "mongodb+srv://up:-@c.mongodb.net/?serverSelectionTimeoutMS=1"],
    ["completes a connection string without options", { uri: "mongodb://up:p%20w@db.example" }, undefined, "mongodb://up:-@db.example/?serverSelectionTimeoutMS=20000"],
  ] as const)("%s", async (_, credentials, defaultPort, expected) => {
    await expect(toldBy(shape, credentials, defaultPort)).resolves.toBe(`uri: "${expected}"`);
  });

  it("stands in a file that nobody else can read, never in an argument", async () => {
    const told = await toldBy(`stat -c '%a' "$config" "$(dirname "$config")"; echo "$@" | tr -d '\\n'; env`, { ...user, host: "c.example" });
    expect(told).toMatch(/^600\n700\n--config=.*mongodump\.yaml --db=shop --excludeCollection=upkeep_scratch --archive/);
    expect(told).toMatch(/LD_LIBRARY_PATH=\/\S*\/lib$/m);
    expect(told).not.toMatch(/p w|p%20w|redacted|AWS_|NODE_/);
  });
});
