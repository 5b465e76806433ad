import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { type ArchiveContents, ArchiveInspector } from "../../../../handlers/engines/mongodb/archive-inspector.ts";
import { bson, end, magic, prelude, segment } from "../../../support/handlers/archive.ts";

const [one, two, three] = [bson({ _id: 1 }), bson({ _id: 2, name: "two" }), bson({ _id: 3, text: "x".repeat(300) })] as const;

/** Two namespaces whose segments alternate, and an empty one, as mongodump writes a view. */
const archive = Buffer.concat([
  prelude("shop.orders", "shop.users", "shop.view"),
  segment("shop.orders", one, two), segment("shop.users", two), segment("shop.orders", three),
  end("shop.orders", one, two, three), segment("shop.view"), end("shop.view"), end("shop.users", two),
]);

/** As `bson-documents-1` says it, in other words than the program's. */
const sumOf = (...documents: readonly Buffer[]): string => (documents
  .map((document) => BigInt(`0x${createHash("sha256").update(document).digest("hex").slice(0, 32)}`))
  .reduce((sum, part) => sum + part, 0n) % (1n << 128n)).toString(16).padStart(32, "0");

function inspect(bytes: Uint8Array, chunkBytes = bytes.length): ArchiveContents {
  const inspector = new ArchiveInspector();
  for (let at = 0; at < bytes.length; at += chunkBytes) inspector.write(bytes.subarray(at, at + chunkBytes));
  return inspector.end();
}

describe("a whole archive", () => {
  it.each([1, 3, 4, 7, 64, archive.length])("is counted, in chunks of %i bytes", (chunkBytes) => {
    const { hashes, ...rest } = inspect(archive, chunkBytes);
    expect(rest).toEqual({
      serverVersion: "7.0.0", toolVersion: "100.13.0", counts: { "shop.orders": 3, "shop.users": 1, "shop.view": 0 }, hashedBy: "bson-documents-1",
    });
    expect(hashes).toMatchObject({ "shop.orders": sumOf(one, two, three), "shop.users": sumOf(two), "shop.view": "0".repeat(32) });
  });

  it("may hold nothing", () => {
    expect(inspect(prelude()).counts).toEqual({});
  });

  it("may hold a time series under the name of its buckets", () => {
    const series = Buffer.concat([prelude("shop.heat"), segment("shop.system.buckets.heat", one), end("shop.system.buckets.heat", one)]);
    expect(inspect(series).counts).toEqual({ "shop.system.buckets.heat": 1 });
  });
});

describe("the hashes of an archive", () => {
  const hashesOf = (...documents: readonly Buffer[]): ArchiveContents["hashes"] =>
    inspect(Buffer.concat([prelude("a.b"), segment("a.b", ...documents), end("a.b", ...documents)])).hashes;

  it("do not depend on the order of the documents", () => {
    expect(hashesOf(three, one, two)).toEqual(hashesOf(one, two, three));
  });

  it("see a document that was replaced, lost or doubled", () => {
    const seen = [[one, two], [one, three], [one], [one, two, two], [one, two, one, two]].map((documents) => hashesOf(...documents)?.["a.b"]);
    expect(new Set(seen).size).toBe(seen.length);
  });

  it("stay a sum of 128 bits however many documents there are", () => {
    const many = Array.from({ length: 5_000 }, (_, index) => bson({ _id: index }));
    expect(hashesOf(...many)?.["a.b"]).toBe(sumOf(...many));
  });

  it("are not made when nobody wants them", () => {
    const inspector = new ArchiveInspector({ content: "off" });
    inspector.write(archive);
    expect(inspector.end()).toEqual({ serverVersion: "7.0.0", toolVersion: "100.13.0", counts: { "shop.orders": 3, "shop.users": 1, "shop.view": 0 } });
  });
});

describe("the names of an archive", () => {
  it("are told before its first document", () => {
    let names: readonly string[] = [];
    const inspector = new ArchiveInspector({ onPrelude: (told) => {
      names = told;
    } });
    inspector.write(archive.subarray(0, archive.indexOf(one)));
    expect(names).toEqual(["shop.orders", "shop.users", "shop.view"]);
  });
});

describe("an archive that is not whole", () => {
  it("is refused wherever it was cut", () => {
    for (let length = 0; length < archive.length; length += 1) {
      expect(() => inspect(archive.subarray(0, length)), `cut at ${length}`).toThrow(/^Expected /);
    }
  });

  it("is refused whichever byte of its documents was changed", () => {
    const begin = archive.indexOf(three);
    for (let at = begin; at < begin + three.length; at += 1) {
      const changed = Buffer.from(archive);
      changed.writeUInt8(changed.readUInt8(at) ^ 0x10, at);
      expect(() => inspect(changed), `changed at ${at}`).toThrow(/^Expected /);
    }
  });

  it("names the namespaces that have no end", () => {
    const lacks = Buffer.concat([prelude("shop.orders", "shop.users"), segment("shop.orders", one), end("shop.orders", one)]);
    expect(() => inspect(lacks)).toThrow("these did not: shop.users.");
  });

  it("is refused when a document is missing", () => {
    const lacks = Buffer.concat([prelude("shop.orders"), segment("shop.orders", one), end("shop.orders", one, two)]);
    expect(() => inspect(lacks)).toThrow("Expected the documents of shop.orders to have the checksum");
  });

  it("is refused when a namespace goes on after its end", () => {
    const again = Buffer.concat([prelude("a.b"), end("a.b"), segment("a.b", one)]);
    expect(() => inspect(again)).toThrow("Expected nothing after the end of a.b");
  });

  it.each([
    ["something else", Buffer.from("PGDMP then more")],
    ["compressed", Buffer.from([0x1f, 0x8b, 8, 0, 0])],
    ["a length that no document has", Buffer.concat([magic, Buffer.from([1, 0, 0, 0])])],
  ])("is refused when it is %s", (_, bytes) => {
    expect(() => inspect(bytes)).toThrow(/^Expected /);
  });
});
