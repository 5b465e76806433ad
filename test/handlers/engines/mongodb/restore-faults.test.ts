import { gzipSync } from "node:zlib";
import { MongoClient } from "mongodb";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import type { MongodbDatabase } from "../../../../handlers/engines/mongodb/connection.ts";
import { openMongodbTarget } from "../../../../handlers/engines/mongodb/restore.ts";
import { mark } from "../../../../handlers/engines/mongodb/scratch-mark.ts";
import { NotATarget, type RestoreTarget } from "../../../../handlers/engines/restore.ts";
import { recordFault } from "../../../support/fault-matrix.ts";
import { bson, end, prelude, segment } from "../../../support/handlers/archive.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { describeWithParts, programFolder } from "../../../support/parts.ts";
import { failure } from "../../../support/said.ts";
import { type JavaMongoServer, startJavaMongo } from "../../../support/servers/mongodb-java.ts";
import { startTcpGate } from "../../../support/servers/tcp-gate.ts";

const source = { database: "shop", server: { address: "production.example:27017" } };
const documents = Array.from({ length: 20_000 }, (_, index) => bson({ _id: index, text: `${index}`.repeat(20) }));
const archive = Buffer.concat([prelude("shop.a"), segment("shop.a", ...documents), end("shop.a", ...documents)]);
const dump = gzipSync(archive, { level: 1 });

describeWithParts("a restore of MongoDB under a fault", ["mongo-java", "mongo-tools"], () => {
  let server: JavaMongoServer;
  let client: MongoClient;
  beforeAll(async () => {
    server = await startJavaMongo();
    client = await new MongoClient(server.uri).connect();
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });
  beforeEach(async () => {
    await client.db("drill").dropDatabase();
    await mark(client.db("drill"), "a test", new Date());
  });

  const open = async (port = server.port): Promise<RestoreTarget> => {
    const drill: MongodbDatabase = { credentials: { uri: `mongodb://127.0.0.1:${port}/?serverSelectionTimeoutMS=2000` }, database: "drill", tools: programFolder("mongo-tools") };
    const target = await openMongodbTarget(drill, new AbortController().signal);
    onTestFinished(target.close);
    await target.prove("scratch", source);
    return target;
  };
  /** A dump that does something when half of it has been given. */
  async function* broken(act: () => void): AsyncGenerator<Uint8Array> {
    const half = Math.floor(dump.length / 2);
    yield dump.subarray(0, half);
    // The reader asks for more when what it was given has gone to mongorestore.
    await Promise.resolve();
    act();
    yield dump.subarray(half);
  }
  const record = (fault: string, happened: string, left: string): void =>
    recordFault({ engine: "mongodb", fault, happened, exit: "error", evidence: "failed", alarm: "check failed", left });

  it("mongorestore killed in the middle", async () => {
    const target = await open();
    const said = await failure(target.load(broken(() => {
      for (const { id } of childProcesses("mongorestore")) process.kill(id, "SIGKILL");
    })));
    expect(said).toMatch(/mongorestore to end well, it ended with signal SIGKILL/);
    record("mongorestore killed in the middle", "ended with signal SIGKILL", "a part in scratch");
  });

  it("connection cut in the middle of a restore", async () => {
    const gate = await startTcpGate(server.port, Number.POSITIVE_INFINITY);
    onTestFinished(gate.stop);
    const target = await open(gate.port);
    const said = await failure(target.load(broken(gate.cut)));
    expect(said).toMatch(/mongorestore to end well, it ended with exit code 1/);
    record("connection cut in mid-restore", "ended with exit code 1", "a part in scratch");
  });

  it("a document that cannot be inserted", async () => {
    const twice = [bson({ _id: 1, text: "one" }), bson({ _id: 2 }), bson({ _id: 1, text: "another" })];
    const target = await open();
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(gzipSync(Buffer.concat([prelude("shop.a"), segment("shop.a", ...twice), end("shop.a", ...twice)])));
    }
    await expect(failure(target.load(whole()))).resolves.toMatch(/mongorestore to end well, it ended with exit code 1.*duplicate key/s);
    record("a document that cannot be inserted", "ended with exit code 1", "a part in scratch");
  });

  it.each<readonly [string, readonly object[], RegExp]>([
    ["no mark", [], /it is not marked/],
    ["a mark without a name", [{ markedAt: new Date() }], /it holds another/],
    ["a mark without a date", [{ markedBy: "a test", markedAt: "today" }], /it holds another/],
    ["two marks", [{ markedBy: "a test", markedAt: new Date() }, { markedBy: "another", markedAt: new Date() }], /it holds more/],
  ])("restore into a target with %s", async (what, marks, reason) => {
    await client.db("drill").dropDatabase();
    if (marks.length > 0) await client.db("drill").collection("upkeep_scratch").insertMany(marks.map((one) => ({ ...one })));
    await expect(open()).rejects.toThrow(reason);
    record(`restore into a target with ${what}`, "refused: not marked as scratch", "all of it");
  });

  it("restore into a target that holds something", async () => {
    await client.db("drill").collection("orders").insertOne({ number: 1 });
    await expect(open()).rejects.toBeInstanceOf(NotATarget);
    await expect(client.db("drill").collection("orders").countDocuments()).resolves.toBe(1);
    record("restore into a target that holds something", "refused: it holds orders", "all of it");
  });
});
