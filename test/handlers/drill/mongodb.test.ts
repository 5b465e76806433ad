import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { runBackup } from "../../../handlers/backup/run.ts";
import { openMongodbDump } from "../../../handlers/engines/mongodb/dump.ts";
import { handlersBuilt } from "../../support/built.ts";
import { recordFault } from "../../support/fault-matrix.ts";
import { evidenceOf, runDrill } from "../../support/handlers/drill-task.ts";
import { jobAt } from "../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../support/handlers/full-object-s3.ts";
import { makeStore, type TestStore } from "../../support/handlers/test-store.ts";
import { describeWithParts, programFolder } from "../../support/parts.ts";
import { type JavaMongoServer, startJavaMongo } from "../../support/servers/mongodb-java.ts";
import type { S3Server } from "../../support/servers/s3.ts";

const TONIGHT = new Date(Date.now() - 3_600_000);
const scheduledAt = new Date(TONIGHT.getTime() + 1_800_000);

describeWithParts("a restore drill of MongoDB, as a task", ["mongo-java", "mongo-tools", "s3"], () => {
  let server: S3Server;
  let production: JavaMongoServer;
  let store: TestStore;
  beforeAll(async () => {
    [server, production] = await Promise.all([startFullObjectS3(), startJavaMongo(), handlersBuilt()]);
    const client = await new MongoClient(production.uri).connect();
    await client.db("shop").collection("orders").insertMany(Array.from({ length: 2_000 }, (_, index) => ({ number: index, text: "x".repeat(index % 300) })));
    await client.db("shop").collection("orders").createIndex({ number: 1 }, { unique: true, name: "number" });
    await client.close();
    store = await makeStore(server);
    await runBackup(jobAt(TONIGHT.toISOString(), { engine: "mongodb", database: "shop" }), {
      store, attempt: "one", now: () => new Date(), signal: new AbortController().signal, runner: "lambda",
      openDump: (stop) => openMongodbDump({ credentials: { uri: production.uri }, database: "shop", tools: programFolder("mongo-tools") }, stop),
    });
  });
  afterAll(() => Promise.all([server.stop(), production.stop()]));

  let beside: JavaMongoServer;
  let client: MongoClient;
  beforeEach(async () => {
    beside = await startJavaMongo();
    client = await new MongoClient(beside.uri).connect();
  });
  afterEach(async () => {
    await client.close();
    await beside.stop();
  });
  const drill = (at: Date, environment = {}) => runDrill({ store, server, engine: "mongodb", port: beside.port, tools: programFolder("mongo-tools"), scheduledAt: at, environment });

  it("restores the newest backup into the empty server beside it, and asks it a question", async () => {
    const { code, output } = await drill(scheduledAt, { UPKEEP_SMOKE: '{"count":"orders"}' });
    expect({ code, output }).toMatchObject({ code: 0 });
    const record = await evidenceOf(store, scheduledAt);
    expect(record).toMatchObject({ outcome: "restored", findings: [], restore: { sameCounts: 1 } });
    expect(record?.restore?.sameHashes).toBeGreaterThan(0);
    expect(JSON.parse(record?.restore?.smokeAnswer ?? "")).toEqual({ n: 2_000 });
    await expect(client.db("scratch").collection("orders").countDocuments()).resolves.toBe(2_000);
  });

  it("writes nothing into a server that holds something", async () => {
    await client.db("orders").collection("open").insertOne({ number: 1 });
    const again = new Date(scheduledAt.getTime() + 60_000);
    expect((await drill(again)).code).toBe(1);
    const record = await evidenceOf(store, again);
    expect(record?.findings.join(" ")).toContain("it holds the database orders. Nothing was written to it");
    await expect(client.db("scratch").listCollections().toArray()).resolves.toEqual([]);
    recordFault({ engine: "mongodb", fault: "drill beside a server that is in use", happened: "refused, nothing written", exit: "1", evidence: "failed", alarm: "drill failed", left: "dump, manifest" });
  });
});
