import { gunzipSync, gzipSync } from "node:zlib";
import { Db, MongoClient } from "mongodb";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { NotDecodable } from "../../../../handlers/engines/decode.ts";
import type { MongodbDatabase } from "../../../../handlers/engines/mongodb/connection.ts";
import { openMongodbDump } from "../../../../handlers/engines/mongodb/dump.ts";
import { openMongodbTarget } from "../../../../handlers/engines/mongodb/restore.ts";
import { mark } from "../../../../handlers/engines/mongodb/scratch-mark.ts";
import { NotATarget, type RestoreTarget } from "../../../../handlers/engines/restore.ts";
import type { DumpDescription } from "../../../../handlers/engines/dump.ts";
import { bson, end, prelude, segment } from "../../../support/handlers/archive.ts";
import { childProcesses } from "../../../support/handlers/processes.ts";
import { scriptsFolder } from "../../../support/handlers/scripts.ts";
import { describeWithParts, programFolder } from "../../../support/parts.ts";
import { type JavaMongoServer, startJavaMongo } from "../../../support/servers/mongodb-java.ts";

const elsewhere = { database: "shop", server: { address: "production.example:27017" } };
const never = new AbortController().signal;

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let from = 0; from < bytes.length; from += 10_000) yield await Promise.resolve(bytes.subarray(from, from + 10_000));
}
const flipped = (bytes: Buffer, where: number): Buffer => {
  const changed = Buffer.from(bytes);
  changed.writeUInt8(changed.readUInt8(where) ^ 1, where);
  return changed;
};

describeWithParts("a restore of MongoDB with its indexes", ["mongo-java", "mongo-tools"], () => {
  let server: JavaMongoServer;
  let client: MongoClient;
  let shop: Db;
  let dump: Buffer;
  let described: DumpDescription;
  const targets: RestoreTarget[] = [];

  const at = (database: string, changed: Partial<MongodbDatabase> = {}): MongodbDatabase =>
    ({ credentials: { uri: server.uri }, database, tools: programFolder("mongo-tools"), ...changed });
  const open = async (database: string, changed: Partial<MongodbDatabase> = {}): Promise<RestoreTarget> => {
    const target = await openMongodbTarget(at(database, changed), never);
    targets.push(target);
    return target;
  };
  const marked = async (database: string, changed: Partial<MongodbDatabase> = {}): Promise<RestoreTarget> => {
    await mark(client.db(database), "a test", new Date());
    const target = await open(database, changed);
    await target.prove("scratch", elsewhere);
    return target;
  };

  beforeAll(async () => {
    server = await startJavaMongo();
    client = await new MongoClient(server.uri).connect();
    shop = client.db("shop");
    await shop.collection("orders").insertMany(Array.from({ length: 2_000 }, (_, index) => ({ number: index, text: "x".repeat(index % 300), at: new Date(index * 1_000), lines: [{ price: index / 7 }] })));
    await shop.collection("users").insertMany([{ email: "a@example" }, { email: "b@example" }]);
    await shop.collection("users").createIndex({ email: 1 }, { unique: true, name: "email" });
    await shop.createCollection("nothing");
    const opened = await openMongodbDump(at("shop"), never);
    const chunks: Uint8Array[] = [];
    for await (const chunk of opened.body) chunks.push(chunk);
    await opened.close();
    described = opened.describe();
    dump = Buffer.concat(chunks);
  });
  afterAll(async () => {
    await client.close();
    await server.stop();
  });
  beforeEach(async () => {
    await client.db("drill").dropDatabase();
  });
  afterEach(async () => {
    for (const target of targets.splice(0)) await target.close();
  });

  it("brings back every document and every index, under the names of the source", async () => {
    const target = await marked("drill");
    await target.load(inPieces(dump));
    const contents = await target.contents();
    expect(contents.counts).toEqual({ "shop.orders": 2_000, "shop.users": 2, "shop.nothing": 0 });
    expect(contents).toEqual({ counts: described.counts, hashes: described.hashes, hashedBy: described.hashedBy });
    expect(contents.hashes?.["shop.users (indexes and options)"]).toMatch(/^2 indexes, /);
    await expect(client.db("drill").collection("users").insertOne({ email: "a@example" })).rejects.toThrow(/duplicate/i);
  });

  it("answers a question, as a command in JSON", async () => {
    const target = await marked("drill");
    await target.load(inPieces(dump));
    await expect(target.ask('{"count":"orders","query":{"number":{"$lt":10}}}')).resolves.toBe('{"n":10}');
    await expect(target.ask("db.orders.count()")).rejects.toThrow("Expected a question to MongoDB to be a command in JSON");
    await expect(target.ask('{"aggregate":"orders","pipeline":[{"$fly":1}],"cursor":{}}')).rejects.toThrow(/^Expected an answer from drill on .*fly/);
  });

  it.each([
    ["a document was changed", (drill: Db) => drill.collection("orders").updateOne({ number: 7 }, { $set: { text: "y" } }), "shop.orders"],
    ["an index is missing", (drill: Db) => drill.collection("users").dropIndex("email"), "shop.users (indexes and options)"],
  ])("differs from its source in one hash when %s", async (_, change, name) => {
    const target = await marked("drill");
    await target.load(inPieces(dump));
    await change(client.db("drill"));
    const { counts, hashes = {} } = await target.contents();
    expect(counts).toEqual(described.counts);
    expect(Object.keys(hashes).filter((key) => hashes[key] !== described.hashes?.[key])).toEqual([name]);
  });

  it("takes a plain archive of another tool too", async () => {
    const target = await marked("drill");
    const documents = [bson({ _id: 1 }), bson({ _id: 2 })];
    await target.load(inPieces(Buffer.concat([prelude("shop.a"), segment("shop.a", ...documents), end("shop.a", ...documents)])));
    await expect(target.contents()).resolves.toMatchObject({ counts: { "shop.a": 2 } });
  });

  it("goes into a new database for people", async () => {
    const target = await open("drill");
    await target.prove("recovery", elsewhere);
    await target.load(inPieces(dump));
    await expect(target.contents()).resolves.toMatchObject({ counts: described.counts, hashes: described.hashes });
  });

  it("is not begun before the target has proved itself, nor a second time", async () => {
    const unproven = await open("drill");
    await expect(unproven.load(inPieces(dump))).rejects.toThrow("Expected drill on");
    await expect(client.db("drill").listCollections().toArray()).resolves.toEqual([]);
    const target = await marked("drill");
    await target.load(inPieces(dump));
    await expect(target.load(inPieces(dump))).rejects.toBeInstanceOf(NotATarget);
    await expect(client.db("drill").collection("orders").countDocuments()).resolves.toBe(2_000);
  });

  it("is refused beside its source, whatever both are called, and leaves everything as it was", async () => {
    await mark(client.db("drill"), "a test", new Date());
    const { server: from } = described;
    if (from === undefined) throw new Error("Expected the dump to say which server it is of.");
    const target = await openMongodbTarget({ ...at("drill"), credentials: { uri: server.uri.replace("127.0.0.1", "localhost") } }, never);
    targets.push(target);
    await expect(target.prove("scratch", { database: "shop", server: from })).rejects.toThrow("it is on the server of its source");
    await expect(target.load(inPieces(dump))).rejects.toThrow("to have proved");
    const source = await open("shop");
    await expect(source.prove("recovery", { database: "shop", server: from })).rejects.toThrow(/it holds nothing, orders, users; it has the name of its source on the same server/);
    await expect(shop.collection("orders").countDocuments()).resolves.toBe(2_000);
  });

  it("is refused through a router, as which this server gives itself out for once", async () => {
    vi.spyOn(Db.prototype, "command").mockResolvedValueOnce({ msg: "isdbgrid" });
    await expect((await open("drill")).prove("scratch", elsewhere)).rejects.toThrow("it is reached through a router");
  });

  it.each([
    ["nothing", () => Buffer.alloc(0), /nothing came/],
    ["half a dump", () => dump.subarray(0, dump.length / 2), /broken or cut off/],
    ["half an archive", () => gzipSync(gunzipSync(dump).subarray(0, 40_000)), /^Expected a whole archive/],
    ["an archive with a changed byte", () => gzipSync(flipped(gunzipSync(dump), 40_000)), /corrupt/],
    ["an archive of another database", () => gzipSync(Buffer.concat([prelude("other.a"), end("other.a")])), /^Expected an archive of the database shop alone, it holds other.a/],
    ["an archive with an oplog", () => gzipSync(Buffer.concat([prelude("shop.a", ".oplog"), end("shop.a"), end(".oplog")])), /it holds \.oplog.*--oplogReplay/],
  ])("fails when it is given %s", async (_, bytes, sentence) => {
    const target = await marked("drill");
    const error = await target.load(inPieces(bytes())).then(() => undefined, (failure: unknown) => failure);
    expect(error).toBeInstanceOf(NotDecodable);
    expect((error as Error).message).toMatch(sentence);
  });

  it("fails when the store does, with the store's own words", async () => {
    const target = await marked("drill");
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield* inPieces(dump.subarray(0, 5_000));
      throw new Error("the store is away");
    }
    await expect(target.load(failing())).rejects.toThrow(/^the store is away$/);
  });

  it.each([
    ["says that documents failed", "cat >/dev/null; echo '2001 document(s) restored successfully. 1 document(s) failed to restore.' >&2", /it restored 2001, and 1 failed/],
    ["restored fewer than there are", "cat >/dev/null; echo '2001 document(s) restored successfully. 0 document(s) failed to restore.' >&2", /to restore the 2002 documents.*it restored 2001/],
    ["does not say what it did", "cat >/dev/null", /it does not say how many it did/],
    ["stops reading", "head -c 100 >/dev/null", /to read all that it was given/],
    ["fails at its end", "cat >/dev/null; echo '2002 document(s) restored successfully. 0 document(s) failed to restore.' >&2; exit 1", /ended with exit code 1/],
  ])("fails when mongorestore ends well and %s", async (_, script, sentence) => {
    const target = await marked("drill", { tools: scriptsFolder({ mongorestore: script }) });
    await expect(target.load(inPieces(dump))).rejects.toThrow(sentence);
  });

  it("ends with the signal, or when the target is closed", async () => {
    const stop = new AbortController();
    await mark(client.db("drill"), "a test", new Date());
    const target = await openMongodbTarget(at("drill", { tools: scriptsFolder({ mongorestore: "exec sleep 60" }) }), stop.signal);
    await target.prove("scratch", elsewhere);
    const loading = target.load(inPieces(dump)).then(() => undefined, (error: unknown) => error);
    stop.abort(new Error("the deadline is near"));
    await expect(loading).resolves.toEqual(new Error("the deadline is near"));
    await target.close();
    const other = await marked("closed", { tools: scriptsFolder({ mongorestore: "exec sleep 60" }) });
    const closing = other.load(inPieces(dump)).then(() => undefined, (error: unknown) => error);
    await other.close();
    await other.close();
    expect(childProcesses("mongorestore")).toEqual([]);
    await expect(closing).resolves.toMatchObject({ message: expect.stringMatching(/^Expected closed on .* to be open, it was closed\.$/) as string });
  });
});
