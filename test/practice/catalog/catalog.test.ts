import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { areaOf, areas, catalog, type Area, itemsOf } from "../../../practice/catalog/index.ts";

/** One line an item: area, id, kind, and the guides that ask for it. Read from the guides, not from the catalog. */
const expected = readFileSync(new URL("expected-items.txt", import.meta.url), "utf8")
  .trimEnd()
  .split("\n")
  .map((line) => {
    const [area, id, kind, ...askedBy] = line.split(/ +/);
    return { area, id, kind, askedBy };
  });

describe("the catalog", () => {
  it("holds every item that the guides ask for, in their order, and no other", () => {
    const held = catalog.map(({ id, kind, askedBy }) => ({ area: areaOf(id), id, kind, askedBy: [...askedBy] }));
    expect(held).toEqual(expected);
  });

  it("gives each item an id of its own", () => {
    expect(new Set(catalog.map(({ id }) => id)).size).toBe(catalog.length);
  });

  it("knows its ids one by one: a misspelt one does not compile, and is refused if it comes all the same", () => {
    // @ts-expect-error the id is misspelt
    expect(() => areaOf("backup.postgresql.dayly")).toThrow('Expected the id of a catalog item, got "backup.postgresql.dayly"');
  });

  it("names every item differently", () => {
    expect(new Set(catalog.map(({ title }) => title)).size).toBe(catalog.length);
  });

  it("says when each item applies", () => {
    expect(catalog.filter(({ applies }) => applies.when === "")).toEqual([]);
  });
});

describe("the areas", () => {
  it.each(Object.keys(areas) as Area[])("%s holds items, and each knows its area", (area) => {
    const items = itemsOf(area);
    expect(items.length).toBeGreaterThan(0);
    expect(items.map(({ id }) => areaOf(id))).toEqual(items.map(() => area));
  });

  it("are the twelve of the practice", () => {
    expect(Object.keys(areas)).toEqual([...new Set(expected.map(({ area }) => area))]);
  });
});
