import { describe, expect, it } from "vitest";
import { compareContents, notComparable } from "../../../handlers/verify/compare.ts";

const words = (faults: readonly { readonly outcome: string; readonly finding: string }[]) => faults.map(({ outcome, finding }) => `${outcome}: ${finding}`);

describe("contents held against a manifest", () => {
  const manifest = { counts: { users: 2, orders: 0 }, hashes: { users: "a", orders: "b" }, hashedBy: "rows-1", extensions: { citext: "1.6" } };

  it("are the same where every name, count and hash is", () => {
    expect(compareContents(manifest, { ...manifest })).toEqual({ faults: [], sameCounts: 2, sameHashes: 2 });
    expect(notComparable(manifest, { ...manifest })).toEqual([]);
  });

  it.each([
    ["a count that differs", { counts: { users: 3, orders: 0 } }, "corrupted: Expected users to have 2 rows, it has 3 rows.", 1, 2],
    ["a table that is missing", { counts: { users: 2 } }, "corrupted: Expected orders to have 0 rows, it has no such part.", 1, 2],
    ["a table too many", { counts: { users: 2, orders: 0, extra: 0 } }, "corrupted: Expected extra to have no such part, it has 0 rows.", 2, 2],
    ["a table called as a part of every object", { counts: { users: 2, orders: 0, constructor: 1 } }, "corrupted: Expected constructor to have no such part, it has 1 rows.", 2, 2],
    ["a hash that differs while the counts are right", { hashes: { users: "x", orders: "b" } }, "corrupted: Expected users to have the hash a, it has the hash x.", 2, 1],
  ])("tell %s", (_, changed, finding, sameCounts, sameHashes) => {
    const compared = compareContents(manifest, { ...manifest, ...changed });
    expect(words(compared.faults)).toEqual([finding]);
    expect([compared.sameCounts, compared.sameHashes]).toEqual([sameCounts, sameHashes]);
  });

  it("name ten differences and count the others", () => {
    const counts = Object.fromEntries(Array.from({ length: 12 }, (_, table) => [`table${table}`, 1]));
    const { faults } = compareContents({ counts }, { counts: {} });
    expect(faults).toHaveLength(11);
    expect(faults.at(-1)?.finding).toBe("2 more counts differ.");
  });

  it("say nothing of what one of the two does not tell", () => {
    expect(compareContents(manifest, {})).toEqual({ faults: [], sameCounts: 0, sameHashes: 0 });
  });

  it.each([
    ["a manifest without counts", {}, { counts: {} }, /Expected the manifest to say how many rows/],
    ["hashes made in another way", manifest, { ...manifest, hashedBy: "rows-2" }, /hashes made by rows-1 .* gave those of rows-2/],
    ["no hashes where the manifest has them", manifest, { counts: manifest.counts, extensions: manifest.extensions }, /gave those of nobody knows what/],
    ["an extension that is missing", manifest, { ...manifest, extensions: {} }, /the extension citext 1.6, it has none/],
    ["an extension of another version", manifest, { ...manifest, extensions: { citext: "1.5" } }, /the extension citext 1.6, it has its version 1.5/],
  ])("cannot be compared with %s, which says nothing of the backup", (_, expected, found, finding) => {
    expect(words(notComparable(expected, found))).toEqual([expect.stringMatching(finding)]);
    expect(notComparable(expected, found)[0]?.outcome).toBe("failed");
  });
});
