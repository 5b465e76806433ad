import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { runBackup } from "../../../../handlers/backup/run.ts";
import type { MongodbDatabase } from "../../../../handlers/engines/mongodb/connection.ts";
import { openMongodbDump } from "../../../../handlers/engines/mongodb/dump.ts";
import type { Gauge } from "../../../../handlers/runtime/metrics.ts";
import { recordFault, recordNotSeen } from "../../../support/fault-matrix.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../../../support/handlers/full-object-s3.ts";
import { at, markedIn, retainIn, runOf } from "../../../support/handlers/retaining.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { makeStore, type TestStore } from "../../../support/handlers/test-store.ts";
import { describeWithParts, programFolder, programPath } from "../../../support/parts.ts";
import { failure } from "../../../support/said.ts";
import { type MongoServer, startMongo } from "../../../support/servers/mongodb.ts";
import { startRefusingMongo } from "../../../support/servers/refusing-mongo.ts";
import type { S3Server } from "../../../support/servers/s3.ts";
import { startTcpGate, type TcpGate } from "../../../support/servers/tcp-gate.ts";

const earlier = jobAt("2026-11-22T02:00:00Z", { source: "catalogue", engine: "mongodb", database: "shop" });
const job = { ...earlier, scheduledAt: new Date("2026-11-23T02:00:00Z") };
const jobOf = (day: number): typeof job => ({ ...earlier, scheduledAt: new Date(at(day)) });
const never = new AbortController().signal;

/** The answers to the handshakes and the list of collections are some kilobytes, the documents are a megabyte. */
const START_BYTES = 100;
const MIDDLE_BYTES = 200_000;

describeWithParts("a backup of MongoDB under a fault", ["mongodb", "mongo-tools", "s3"], () => {
  let server: S3Server;
  let mongo: MongoServer;
  let store: TestStore;
  let before: readonly string[];
  let scratch: string;

  beforeAll(async () => {
    [server, mongo] = await Promise.all([startFullObjectS3(), startMongo()]);
    await seed(mongo);
  });
  afterAll(() => Promise.all([server.stop(), mongo.stop()]));
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
    expect(childProcesses("mongodump")).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const source = (changed: Partial<MongodbDatabase> = {}, port = mongo.port): MongodbDatabase => ({
    credentials: { uri: `${mongo.uri.replace(`:${mongo.port}/`, `:${port}/`)}&tls=false&serverSelectionTimeoutMS=2000` },
    database: "shop", tools: programFolder("mongo-tools"), ...changed,
  });
  const backUp = (from: MongodbDatabase, what = job, signal = never, into = store): Promise<unknown> =>
    runBackup(what, { store: into, attempt: "one", now: () => new Date(), signal, openDump: (stop) => openMongodbDump(from, stop) });
  const gate = async (bytes: number, to = mongo): Promise<TcpGate> => {
    const opened = await startTcpGate(to.port, bytes);
    onTestFinished(opened.stop);
    return opened;
  };
  const expectOnlyTheEarlier = async (said: string): Promise<void> => {
    expect(said).not.toContain(mongo.password);
    await expect(store.keys()).resolves.toEqual(before);
    await expect(store.unfinished()).resolves.toEqual([]);
  };
  const record = (fault: string, happened: string): void =>
    recordFault({ engine: "mongodb", fault, happened, exit: "error", evidence: "no manifest", alarm: "failed, late", left: "the earlier backup" });
  /** Runs a backup behind a gate, does something once it is closed, and gives what the backup said. */
  const during = async (bytes: number, act: (closed: TcpGate) => unknown, signal?: AbortSignal): Promise<string> => {
    const closed = await gate(bytes);
    const run = failure(backUp(source({}, closed.port), job, signal));
    await closed.closed;
    await act(closed);
    return run;
  };
  const kill = (): void => {
    const [child] = childProcesses("mongodump");
    if (child === undefined) throw new Error("Expected a mongodump to kill, there is none.");
    process.kill(child.id, "SIGKILL");
  };

  it.each([["at its start", START_BYTES], ["in the middle", MIDDLE_BYTES]])("mongodump killed %s", async (when, bytes) => {
    const said = await during(bytes, kill);
    expect(said).toMatch(/mongodump to end well, it ended with signal SIGKILL/);
    await expectOnlyTheEarlier(said);
    record(`mongodump killed ${when}`, "ended with signal SIGKILL");
  });

  it.each([
    ["mongodump killed after its last byte", "kill -KILL $$", "ended with signal SIGKILL"],
    ["exit code 3 with a complete archive", "exit 3", "ended with exit code 3"],
  ])("%s", async (fault, script, happened) => {
    const real = programPath("mongo-tools", "mongodump");
    const tools = scriptsFolder({ mongodump: `${real} "$@" || exit 9\ncase "$*" in *--archive*) ${script};; esac` });
    const said = await failure(backUp(source({ tools })));
    expect(said).toContain(happened);
    await expectOnlyTheEarlier(said);
    record(fault, happened);
  });

  it("connection cut in the middle", async () => {
    const said = await during(MIDDLE_BYTES, (closed) => closed.cut());
    expect(said).toMatch(/mongodump to end well, it ended with exit code 1/);
    await expectOnlyTheEarlier(said);
    record("connection cut in the middle", "ended with exit code 1");
  });

  it("server stopped in the middle", async () => {
    const other = await startMongo();
    onTestFinished(other.stop);
    await seed(other);
    const closed = await gate(MIDDLE_BYTES, other);
    const uri = `${other.uri.replace(`:${other.port}/`, `:${closed.port}/`)}&tls=false&serverSelectionTimeoutMS=2000`;
    const run = failure(backUp(source({ credentials: { uri } })));
    await closed.closed;
    await other.stop();
    const said = await run;
    expect(said).toMatch(/mongodump to end well, it ended with exit code 1/);
    expect(said).not.toContain(other.password);
    await expectOnlyTheEarlier(said);
    await expect(backUp(source())).resolves.toMatchObject({ outcome: "stored" });
    record("server stopped in the middle", "ended with exit code 1; the next run is stored");
  });

  it("deadline in the middle", async () => {
    const deadline = new AbortController();
    const said = await during(MIDDLE_BYTES, () => deadline.abort(new Error("The deadline is near.")), deadline.signal);
    expect(said).toBe("The deadline is near.");
    await expectOnlyTheEarlier(said);
    record("deadline in the middle", "ended with the deadline's words");
  });

  it("wrong password", async () => {
    const said = await failure(backUp(source({ credentials: { uri: `${mongo.uri}&tls=false`.replace(mongo.password, "wrong-password") } })));
    expect(said).toMatch(/exit code 1.*auth/is);
    expect(said).not.toContain("wrong-password");
    await expectOnlyTheEarlier(said);
    record("wrong password", "ended with exit code 1, auth error");
  });

  it("missing privilege on one collection", async () => {
    const refusing = await startRefusingMongo(mongo.port, "courses");
    onTestFinished(refusing.stop);
    const said = await failure(backUp(source({}, refusing.port)));
    expect(said).toMatch(/mongodump to end well, it ended with exit code 1.*not authorized on shop/s);
    expect(refusing.refused.length).toBeGreaterThan(0);
    await expectOnlyTheEarlier(said);
    record("missing privilege on one collection", "ended with exit code 1, not authorized");
  });

  it("collections emptied that were not", async () => {
    const other = await startMongo();
    onTestFinished(other.stop);
    await seed(other);
    const from = source({ credentials: { uri: `${other.uri}&tls=false` } });
    const own = await makeStore(server);
    for (const day of [1, 2]) await backUp(from, jobOf(day), never, own);
    const client = await new MongoClient(other.uri).connect();
    await client.db("shop").collection("courses").deleteMany({});
    await client.close();
    for (const day of [3, 21]) await backUp(from, jobOf(day), never, own);
    await other.stop();
    const published: Gauge[] = [];
    const { superseded } = await retainIn({ store: own, sources: ["catalogue"] }, published);
    expect(superseded).toEqual({ catalogue: [runOf(1)] });
    expect((await markedIn(own)).some((key) => key.includes(runOf(2)))).toBe(false);
    recordFault({ engine: "mongodb", fault: "collections emptied that were not", happened: "stored; no older one with documents is marked", exit: "stored", evidence: "manifest, counts 0", alarm: "held back", left: "the last with documents" });
  });

  it("database gone that was there", async () => {
    const said = await failure(backUp(source({ database: "gone" })));
    expect(said).toContain("Expected collections in the database gone, it has none");
    await expectOnlyTheEarlier(said);
    record("database empty that was not", "expected collections, it has none");
  });

  it("what no server here can show", () => {
    const notSeen = (what: string, why: string): void => recordNotSeen({ engine: "mongodb", what, why });
    notSeen("a replica set's oplog, --oplog", "no server here has one; by double only");
    notSeen("views, time series, capped collections", "no server here has them; archives of them by double only");
    notSeen("mongodump older than the server", "mongodump refuses no server; the manifest names both versions");
  });
});

async function seed(mongo: MongoServer): Promise<void> {
  const client = await new MongoClient(mongo.uri).connect();
  await client.db("shop").collection("courses").insertMany(Array.from({ length: 1_500 }, (_, index) => ({ number: index, text: `${index}`.repeat(200) })));
  await client.close();
}
