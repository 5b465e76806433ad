import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { MongodbDatabase } from "../../../../handlers/engines/mongodb/connection.ts";
import { openMongodbTarget } from "../../../../handlers/engines/mongodb/restore.ts";
import { bson, end, prelude, segment } from "../../../support/handlers/archive.ts";
import { describeWithParts, programFolder } from "../../../support/parts.ts";
import { type MongoServer, startMongo } from "../../../support/servers/mongodb.ts";

const elsewhere = { database: "shop", server: { address: "production.example:27017" } };
const never = new AbortController().signal;

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

describeWithParts("a restore of MongoDB on a server with users", ["mongodb", "mongo-tools"], () => {
  let mongo: MongoServer;
  beforeAll(async () => {
    mongo = await startMongo();
  });
  afterAll(() => mongo.stop());
  const documents = [bson({ _id: 1, name: "one" }), bson({ _id: 2, name: "two" })];
  const archive = gzipSync(Buffer.concat([prelude("shop.a"), segment("shop.a", ...documents), end("shop.a", ...documents)]));
  const at = (password: string): MongodbDatabase => ({
    credentials: { username: mongo.user, password, host: mongo.host, port: mongo.port, tls: false }, database: "drill", tools: programFolder("mongo-tools"),
  });

  it("logs in, and says nothing of the password", async () => {
    const target = await openMongodbTarget(at(mongo.password), never);
    await target.prove("recovery", elsewhere);
    await target.load(inPieces(archive));
    await expect(target.contents()).resolves.toMatchObject({ counts: { "shop.a": 2 } });
    expect(target.name).not.toContain(mongo.password);
    await target.close();
    const refused = await openMongodbTarget(at("a wrong password"), never).then(() => "opened", (error: unknown) => (error as Error).message);
    expect(refused).toMatch(/^Expected an answer from drill on .*auth/i);
    expect(refused).not.toMatch(/a( |%20)wrong( |%20)password/);
  });
});
