import { hostname } from "node:os";
import { describe, expect, it } from "vitest";
import type { Names } from "../../../../handlers/engines/same-server.ts";
import type { Found } from "../../../../handlers/engines/mongodb/scratch-mark.ts";
import { type Hello, identityOf, isRouter } from "../../../../handlers/engines/mongodb/server.ts";
import { expectTarget, type Target } from "../../../../handlers/engines/mongodb/target-proof.ts";
import { NotATarget, type Purpose, type RestoreSource } from "../../../../handlers/engines/restore.ts";

/** What DNS says in these tests; nobody else is asked. */
const names: Names = {
  addressesOf: (host) => Promise.resolve({ "db.example": ["10.0.0.5"], "alias.example": ["10.0.0.5"], "10.0.0.5": ["10.0.0.5"], "scratch.example": ["10.0.0.9"], "shard-0.example": ["10.0.1.1"] }[host] ?? []),
  membersOf: (name) => Promise.resolve({ "cluster.example": ["shard-0.example:27017", "shard-1.example:27017"] }[name] ?? []),
};

const marked: Found = { collections: [], marks: 1, isMarked: true };
const empty: Found = { collections: [], marks: 0, isMarked: false };
const scratch: Target = { name: "drill on scratch.example", database: "drill", server: identityOf("mongodb://scratch.example", {}), routed: false, found: marked };
const standalone: Hello = { topologyVersion: { processId: { toHexString: () => "65a000000000000000000001" } } };
const set: Hello = { setName: "rs0", hosts: ["a.example:27017", "b.example:27017"], passives: ["c.example:27017"], me: "a.example:27017" };
const source = (uri: string, hello: Hello = {}): RestoreSource => ({ database: "shop", server: identityOf(uri, hello) });
const production = source("mongodb://up:secret@db.example/?tls=true", standalone);

const refusal = (target: Target, purpose: Purpose, from: RestoreSource): Promise<string> => expectTarget(target, purpose, from, names)
  .then(() => "taken", (error: unknown) => (error instanceof NotATarget ? error.message : `another error: ${String(error)}`));

describe("a scratch database", () => {
  it("that is marked, empty and on another server is taken", async () => {
    await expect(refusal(scratch, "scratch", production)).resolves.toBe("taken");
  });

  it("may have the name of its source: it is another server's", async () => {
    await expect(refusal({ ...scratch, database: "shop" }, "scratch", production)).resolves.toBe("taken");
  });

  it.each([
    ["has no mark", { found: empty }, "it is not marked by a document in upkeep_scratch"],
    ["has a mark of another shape", { found: { ...marked, isMarked: false } }, "it holds another"],
    ["has two marks", { found: { ...marked, marks: 2, isMarked: false } }, "it holds more"],
    ["holds a collection", { found: { ...marked, collections: ["orders"] } }, "it holds orders"],
    ["holds many collections", { found: { ...marked, collections: ["a", "b", "c", "d", "e", "f", "g"] } }, "it holds a, b, c, d, e and 2 more"],
    ["is a database of the server", { database: "admin" }, "admin is a database of the server itself"],
  ])("that %s is refused", async (_, changed, reason) => {
    await expect(refusal({ ...scratch, ...changed }, "scratch", production)).resolves.toContain(reason);
  });

  it.each<readonly [string, Target["server"], RestoreSource]>([
    ["by the same address", identityOf("mongodb://db.example:27017/", {}), production],
    ["in other letters", identityOf("mongodb://DB.Example/", {}), production],
    ["with a dot at the end", identityOf("mongodb://db.example./", {}), production],
    ["by its IP address", identityOf("mongodb://10.0.0.5/", {}), production],
    ["by another name", identityOf("mongodb://alias.example/", {}), production],
    ["through a tunnel on this machine", identityOf("mongodb://localhost:40000/", standalone), production],
    ["as localhost, where 127.0.0.1 was dumped", identityOf("mongodb://localhost/", {}), source("mongodb://127.0.0.1/")],
    ["as 127.0.0.1, where localhost was dumped", identityOf("mongodb://127.0.0.1:27017/", {}), source("mongodb://localhost/")],
    ["as ::1, where localhost was dumped", identityOf("mongodb://[::1]:27017/", {}), source("mongodb://localhost/")],
    ["as 0.0.0.0, where localhost was dumped", identityOf("mongodb://0.0.0.0/", {}), source("mongodb://localhost/")],
    ["as a socket, where localhost was dumped", identityOf("mongodb://%2Ftmp%2Fmongodb-27017.sock/", {}), source("mongodb://localhost/")],
    ["by this machine's name, where localhost was dumped", identityOf(`mongodb://${hostname()}/`, {}), source("mongodb://localhost/")],
    ["by a member of the replica set that was dumped", identityOf("mongodb://b.example/", {}), source("mongodb://a.example/", set)],
    ["by one of several addresses", identityOf("mongodb://x.example,a.example/", {}), source("mongodb://a.example,b.example/")],
    ["through a tunnel to a member", identityOf("mongodb://localhost:40000/", set), source("mongodb://a.example/", set)],
    ["by the name of the cluster", identityOf("mongodb+srv://up:secret@Cluster.example/", {}), source("mongodb+srv://cluster.example/")],
    ["by a member of the cluster that DNS names", identityOf("mongodb://shard-0.example/", {}), source("mongodb+srv://cluster.example/")],
    ["by the cluster's name, where a member was dumped", identityOf("mongodb+srv://cluster.example/", {}), source("mongodb://shard-1.example/")],
  ])("on the server of its source, reached %s, is refused", async (_, server, from) => {
    await expect(refusal({ ...scratch, server }, "scratch", from)).resolves.toContain("it is on the server of its source: ");
  });

  it("behind a router of a sharded cluster is refused: another router of the source's cluster has another address and another id", async () => {
    const [one, other] = ["1", "2"].map((id): Hello => ({ msg: "isdbgrid", topologyVersion: { processId: { toHexString: () => id } } }));
    const routed: Target = { ...scratch, server: identityOf("mongodb://router-2.example", other ?? {}), routed: isRouter(other ?? {}) };
    await expect(refusal(routed, "scratch", source("mongodb://router-1.example", one))).resolves.toContain("it is reached through a router (mongos), which does not say of which cluster");
    await expect(refusal({ ...routed, database: "shop", found: empty }, "recovery", source("mongodb://router-1.example", one))).resolves
      .toContain("it has the name of its source, and its router (mongos) does not say of which cluster it is");
    await expect(refusal({ ...routed, database: "shop_recovered", found: empty }, "recovery", source("mongodb://router-1.example", one))).resolves.toBe("taken");
  });

  it("is refused where the backup does not say which server its source is on", async () => {
    await expect(refusal(scratch, "scratch", { database: "shop" })).resolves.toContain("the backup does not say which server its source is on");
  });

  it("is refused with every reason at once, and the way out", async () => {
    const wrong: Target = { name: "shop on db.example", database: "shop", server: identityOf("mongodb://db.example", standalone), routed: false, found: { ...empty, collections: ["orders"] } };
    await expect(refusal(wrong, "scratch", production)).resolves.toBe(
      "Expected shop on db.example to be a scratch database, it is not: it holds orders; it is not marked by a document in upkeep_scratch; "
      + "it is on the server of its source: both say that they are process 65a000000000000000000001. "
      + "Mark an empty database in mongosh, with `use shop` and `db.upkeep_scratch.insertOne({ markedBy: \"you\", markedAt: new Date() })`, only if it may be thrown away.",
    );
  });

  it("that still holds an earlier restore may be thrown away, which is said of no other", async () => {
    const used: Target = { ...scratch, found: { ...marked, collections: ["orders"] } };
    await expect(refusal(used, "scratch", production)).resolves.toMatch(/it holds orders\. Take another, or throw this one away in mongosh, with `use \w+` and `db\.dropDatabase\(\)`, and mark it again/);
    await expect(refusal({ ...used, found: { ...empty, collections: ["orders"] } }, "scratch", production)).resolves.not.toContain("dropDatabase");
    await expect(refusal({ ...used, server: identityOf("mongodb://db.example", standalone) }, "scratch", production)).resolves.not.toContain("dropDatabase");
  });

  it("on another port of the source's machine is taken: it is another server", async () => {
    await expect(refusal({ ...scratch, server: identityOf("mongodb://localhost:27018/", {}) }, "scratch", source("mongodb://localhost/"))).resolves.toBe("taken");
  });
});

describe("a database to recover into", () => {
  const fresh: Target = { name: "shop_recovered on db.example", database: "shop_recovered", server: identityOf("mongodb://db.example", standalone), routed: false, found: empty };

  it("may lie beside its source", async () => {
    await expect(refusal(fresh, "recovery", production)).resolves.toBe("taken");
  });

  it("may have its source's name on another server", async () => {
    await expect(refusal({ ...fresh, database: "shop", server: scratch.server }, "recovery", production)).resolves.toBe("taken");
  });

  it.each<readonly [string, Partial<Target>, RestoreSource, string]>([
    ["holds anything", { found: { ...empty, collections: ["orders"] } }, production, "it holds orders"],
    ["is marked as scratch", { found: marked }, production, "it is marked as scratch by upkeep_scratch"],
    ["has the name of its source on the same server", { database: "shop" }, production, "it has the name of its source on the same server: both say"],
    ["has that name in other letters", { database: "Shop" }, production, "it has the name of its source on the same server: both say"],
    ["has that name, and nobody knows on which server that is", { database: "shop" }, { database: "shop" }, "the backup does not say on which server that is"],
    ["is a database of the server", { database: "local" }, production, "local is a database of the server itself"],
  ])("that %s is refused", async (_, changed, from, reason) => {
    await expect(refusal({ ...fresh, ...changed }, "recovery", from)).resolves.toContain(reason);
  });
});

it("the identity of a server holds neither user nor password", () => {
  expect(identityOf("mongodb://up:p%40ss@db.example:27018/shop?tls=true", set)).toEqual({
    address: "db.example:27018,a.example:27017,b.example:27017,c.example:27017",
    id: "replica set rs0 of a.example:27017,b.example:27017,c.example:27017",
  });
});
