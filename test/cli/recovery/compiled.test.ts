import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { commandBuilt } from "../../support/built.ts";
import { interrupted, upkeep } from "../../support/command.ts";
import { scriptsFolder } from "../../support/handlers/scripts.ts";
import { describeWithParts, programFolder } from "../../support/parts.ts";
import { type JavaMongoServer, startJavaMongo } from "../../support/servers/mongodb-java.ts";
import { type MongoServer, startMongo } from "../../support/servers/mongodb.ts";
import { type RedisServer, startRedis } from "../../support/servers/redis.ts";

beforeAll(commandBuilt);

let folder: string;
let store: string;
const running: (() => Promise<void>)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "compiled-"));
  store = join(folder, "store");
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((stop) => stop()));
  rmSync(folder, { recursive: true });
});

/** A server that is stopped with the test. */
async function started<Server extends { readonly stop: () => Promise<void> }>(starting: Promise<Server>): Promise<Server> {
  const server = await starting;
  running.push(server.stop);
  return server;
}

const withPassword = (name: string, password: string): readonly string[] => {
  const file = join(folder, name);
  writeFileSync(file, `${password}\n`, { mode: 0o600 });
  return ["--password-file", file];
};

const gist = ({ exitCode, stdout, stderr }: Awaited<ReturnType<typeof upkeep>>) => ({ exitCode, first: stdout.split("\n")[0], stderr });

describeWithParts("the compiled command, on MongoDB", ["mongodb", "mongo-tools"], () => {
  it("backs up, decodes and recovers", async () => {
    const [production, other] = await Promise.all([started<MongoServer>(startMongo()), started<MongoServer>(startMongo())]);
    const client = await new MongoClient(production.uri).connect();
    await client.db("shop").collection("orders").insertMany(Array.from({ length: 50 }, (_, index) => ({ index })));
    await client.close();
    const env = { UPKEEP_TOOLS: programFolder("mongo-tools") };
    const addressOf = ({ user, host, port, authDatabase }: MongoServer, database: string): string => `mongodb://${user}@${host}:${port}/${database}?authSource=${authDatabase}`;

    expect(gist(await upkeep(["backup", "--url", addressOf(production, "shop"), ...withPassword("one", production.password), "--store", store], { env })))
      .toEqual({ exitCode: 0, first: "Backup  shop of localhost: stored", stderr: "" });
    expect(gist(await upkeep(["verify", "--store", store, "--level", "decode"], { env }))).toEqual({ exitCode: 0, first: "Check  shop of localhost: verified", stderr: "" });
    const recovered = await upkeep([
      "restore", "--recover", "--production-is-gone", "--system-name", "localhost", "--store", store, "--into", addressOf(other, "shop_new"),
      ...withPassword("two", other.password), "--ask", "{\"count\":\"orders\"}",
    ], { env });
    expect(gist(recovered)).toEqual({ exitCode: 0, first: "Recovery  shop of localhost: restored", stderr: "" });
    expect(recovered.stdout).toContain("{\"n\":50}");
  });
});

describeWithParts("the compiled command, on a MongoDB that asks for no password", ["mongo-java", "mongo-tools"], () => {
  it("backs up, verifies at each level, says how a scratch database is marked, restores into it, and refuses it the second time", async () => {
    const [production, scratch] = await Promise.all([started<JavaMongoServer>(startJavaMongo()), started<JavaMongoServer>(startJavaMongo())]);
    const [client, other] = await Promise.all([new MongoClient(production.uri).connect(), new MongoClient(scratch.uri).connect()]);
    running.push(() => client.close(), () => other.close());
    await client.db("shop").collection("orders").insertMany(Array.from({ length: 50 }, (_, index) => ({ index })));
    await client.db("shop").collection("orders").createIndex({ index: 1 }, { unique: true });
    // As on a laptop: the programs are where a shell finds them.
    const env = { PATH: `${programFolder("mongo-tools")}:${process.env["PATH"] ?? ""}` };
    const into = `mongodb://${scratch.host}:${scratch.port}/shop_scratch`;
    const restore = () => upkeep(["restore", "--store", store, "--into", into], { env });

    expect(gist(await upkeep(["backup", "--url", `${production.uri}shop`, "--store", store], { env }))).toEqual({ exitCode: 0, first: "Backup  shop of localhost: stored", stderr: "" });
    for (const level of ["checksums", "decode"]) {
      expect(gist(await upkeep(["verify", "--store", store, "--level", level], { env }))).toEqual({ exitCode: 0, first: "Check  shop of localhost: verified", stderr: "" });
    }
    await expect(upkeep(["verify", "--store", store, "--level", "restore"], { env })).resolves.toMatchObject({ exitCode: 2, stderr: expect.stringContaining("`upkeep restore --into <an empty database>`, which writes the same evidence") as string });

    const refused = await restore();
    expect(refused.exitCode).toBe(1);
    const [, named, marks] = /in mongosh, with `use (\S+)` and `db\.upkeep_scratch\.insertOne\(\{ markedBy: "(\S+)", markedAt: new Date\(\) \}\)`/.exec(refused.stderr) ?? [];
    await other.db(named).collection("upkeep_scratch").insertOne({ markedBy: marks, markedAt: new Date() });
    const restored = await restore();
    expect(gist(restored)).toEqual({ exitCode: 0, first: "Restore  shop of localhost: restored", stderr: "" });
    expect(restored.stdout).toContain("1 same counts");
    await expect(restore()).resolves.toMatchObject({ exitCode: 1, stderr: expect.stringContaining("it holds orders. Take another, or throw this one away") as string });

    const { stdout } = await upkeep(["evidence", "--store", store], { env });
    expect(["checksums", "decode", "restore"].filter((level) => !stdout.includes(level))).toEqual([]);
  });
});

describeWithParts("the compiled command, on Redis", ["redis"], () => {
  it("backs up, decodes and restores into a scratch server", async () => {
    const [production, scratch] = await Promise.all([started<RedisServer>(startRedis()), started<RedisServer>(startRedis())]);
    await production.command("set", "key", "value");
    await scratch.command("set", "upkeep:scratch", "yes");
    const environment = ({ password }: RedisServer) => ({ env: { UPKEEP_TOOLS: programFolder("redis"), REDISCLI_AUTH: password } });
    const addressOf = ({ user, host, port }: RedisServer): string => `redis://${user}@${host}:${port}`;

    expect(gist(await upkeep(["backup", "--url", addressOf(production), "--store", store], environment(production)))).toEqual({ exitCode: 0, first: "Backup  redis of localhost: stored", stderr: "" });
    expect(gist(await upkeep(["verify", "--store", store, "--level", "decode"], environment(production)))).toEqual({ exitCode: 0, first: "Check  redis of localhost: verified", stderr: "" });
    expect(gist(await upkeep(["restore", "--store", store, "--into", addressOf(scratch)], environment(scratch)))).toEqual({ exitCode: 0, first: "Restore  redis of localhost: restored", stderr: "" });
    await expect(scratch.command("get", "key")).resolves.toBe("value");
  });
});

it("leaves nothing when it is interrupted in mid-dump: no part in the store, no file with a password", async () => {
  const tools = scriptsFolder({ mongodump: "[ \"$1\" = --version ] && exec echo mongodump version: 100\nexec sleep 60" });
  const temporary = join(folder, "temporary");
  mkdirSync(temporary);
  const filesIn = (place: string): readonly string[] => (existsSync(place) ? readdirSync(place, { recursive: true, withFileTypes: true }) : [])
    .flatMap((entry) => (entry.isDirectory() ? [] : [entry.name]));
  const exitCode = await interrupted(["backup", "--url", "mongodb://localhost/shop", "--store", store], {
    env: { UPKEEP_TOOLS: tools, TMPDIR: temporary }, when: () => filesIn(store).length > 0 && filesIn(temporary).length > 0,
  });
  expect({ exitCode, stored: filesIn(store), temporary: filesIn(temporary) }).toEqual({ exitCode: 130, stored: [], temporary: [] });
});
