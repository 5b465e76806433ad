import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { execFile } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { BSON, MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { decodeExport } from "../../../../handlers/engines/export/decode.ts";
import { openMongodbExport } from "../../../../handlers/engines/export/mongodb.ts";
import { folderStore } from "../../../../handlers/store/folder/folder-store.ts";
import type { ExportedTable } from "../../../../practice/contract/exported.ts";
import { recordFault, recordNotSeen } from "../../../support/fault-matrix.ts";
import { jobAt } from "../../../support/handlers/dumps.ts";
import { exportTo } from "../../../support/handlers/exported.ts";
import { describeWithParts } from "../../../support/parts.ts";
import { type MongoServer, startMongo } from "../../../support/servers/mongodb.ts";

const execute = promisify(execFile);
const { signal } = new AbortController();
const job = jobAt("2026-11-22T04:00:00Z", { source: "catalogue-export", engine: "mongodb-export", database: "shop" });

describeWithParts("an export of MongoDB", ["mongodb"], () => {
  let mongo: MongoServer;
  let scratch: string;
  const typed = { _id: new BSON.ObjectId("64f0c0ffee64f0c0ffee64f0"), whole: new BSON.Int32(1), long: BSON.Long.fromString("9007199254740993"), real: new BSON.Double(2), at: new Date(0), text: 'line\nend "x"', nested: { deep: [1] } };
  beforeAll(async () => {
    mongo = await startMongo();
    const client = new MongoClient(mongo.uri);
    const database = client.db("shop");
    await database.collection("users").insertOne(typed);
    await database.collection<{ _id: number }>("orders").insertMany(Array.from({ length: 2_500 }, (_, index) => ({ _id: index, note: "x".repeat(index % 300), password: "hunter-two" })));
    await database.createCollection("empty");
    await client.close();
  });
  afterAll(() => mongo.stop());
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "test-"));
    process.env["TMPDIR"] = scratch;
  });
  afterEach(() => {
    delete process.env["TMPDIR"];
    expect(readdirSync(scratch).filter((name) => name.startsWith("upkeep-"))).toEqual([]);
    rmSync(scratch, { recursive: true });
  });

  const store = () => folderStore(join(scratch, "store"));
  const exported = (collections: readonly ExportedTable[], password = mongo.password) => exportTo(store(), job, (stop) => openMongodbExport({
    credentials: { username: mongo.user, password, host: mongo.host, port: mongo.port, tls: false }, database: "shop", tools: "",
  }, collections, stop));

  it("holds each document with its types, and its decoder finds what its manifest says", async () => {
    const { manifest, rows } = await exported([{ name: "users" }, { name: "orders" }, { name: "empty" }]);
    const [user] = rows("users");
    expect(user).toEqual({
      _id: { $oid: "64f0c0ffee64f0c0ffee64f0" }, whole: { $numberInt: "1" }, long: { $numberLong: "9007199254740993" }, real: { $numberDouble: "2.0" },
      at: { $date: { $numberLong: "0" } }, text: 'line\nend "x"', nested: { deep: [{ $numberInt: "1" }] },
    });
    expect(manifest).toMatchObject({ engine: "mongodb-export", counts: { users: 1, orders: 2_500, empty: 0 }, consistency: expect.stringContaining("Each collection by itself") as string });
    const { counts, hashes, hashedBy } = manifest;
    await expect(decodeExport(store().read(manifest.object.key, "", signal), signal)).resolves.toEqual({ counts, hashes, hashedBy });
    recordNotSeen({ engine: "mongodb-export", what: "several collections at one moment", why: "no server here gives a snapshot" });
  });

  it("is read by the one line that its manifest has", async () => {
    const { manifest } = await exported([{ name: "users" }]);
    await execute("sh", ["-c", manifest.restoreCommand], { cwd: scratch });
    expect(BSON.EJSON.parse(readFileSync(join(scratch, "users.jsonl"), "utf8"), { relaxed: false })).toMatchObject({ long: BSON.Long.fromString("9007199254740993") });
  });

  it("holds only the fields that were named", async () => {
    const { rows, lines } = await exported([{ name: "orders", columns: ["note"] }]);
    expect(Object.keys(rows("orders")[3] ?? {})).toEqual(["note"]);
    expect(lines.join("\n")).not.toContain("hunter-two");
  });

  it.each<[string, readonly ExportedTable[], string]>([
    ["a collection that is not there", [{ name: "users" }, { name: "nobody" }], "Expected the collection nobody in shop for the export, there is none."],
    ["a field that no document has", [{ name: "orders", columns: ["note", "mail"] }], "Expected documents with the field mail in orders for the export, none has it."],
  ])("is refused before its first byte with %s", async (fault, collections, message) => {
    await expect(exported(collections)).rejects.toThrow(message);
    expect(() => readdirSync(join(scratch, "store", "campus"))).toThrow("ENOENT");
    recordFault({ engine: "mongodb-export", fault, happened: message.slice(0, 40), exit: "error", evidence: "no manifest", alarm: "failed, age", left: "nothing" });
  });

  it("shows a wrong password to nobody", async () => {
    await expect(exported([{ name: "users" }], "hunter-two")).rejects.toThrow(/^(?![^]*hunter-two)[^]*[Aa]uthentication/);
  });

  it("ends when it is told to", async () => {
    await expect(openMongodbExport({
      credentials: { username: mongo.user, password: mongo.password, host: mongo.host, port: mongo.port, tls: false }, database: "shop", tools: "",
    }, [{ name: "users" }], AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");
  });
});
