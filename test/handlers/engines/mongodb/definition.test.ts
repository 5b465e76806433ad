import { expect, it } from "vitest";
import { definitionOf } from "../../../../handlers/engines/mongodb/definition.ts";

const id = { v: { $numberInt: "2" }, key: { _id: { $numberInt: "1" } }, name: "_id_" };
const byEmail = { v: { $numberInt: "2" }, key: { email: { $numberInt: "1" }, at: { $numberInt: "-1" } }, name: "email", unique: true };
const of = (indexes: readonly object[], options: object = { capped: true, size: { $numberInt: "4096" } }): string =>
  definitionOf(JSON.stringify({ options, indexes, uuid: "1", collectionName: "a", type: "collection" }));
const reference = of([id, byEmail]);

it("says how many indexes there are", () => {
  expect(reference).toMatch(/^2 indexes, [0-9a-f]{32}$/);
  expect(of([id])).toMatch(/^1 index, /);
  expect(definitionOf("{}")).toMatch(/^0 indexes, /);
});

it.each([
  ["an index is missing", of([id])],
  ["an index is not unique any more", of([id, { ...byEmail, unique: false }])],
  ["the fields of an index have another order", of([id, { ...byEmail, key: { at: { $numberInt: "-1" }, email: { $numberInt: "1" } } }])],
  ["an index goes the other way", of([id, { ...byEmail, key: { email: { $numberInt: "-1" }, at: { $numberInt: "-1" } } }])],
  ["an option is missing", of([id, byEmail], { capped: true })],
  ["an option has another value", of([id, byEmail], { capped: true, size: { $numberInt: "8192" } })],
])("differs when %s", (_, other) => {
  expect(other).not.toBe(reference);
});

it.each([
  ["the order of indexes and of their fields", of([{ unique: true, name: "email", key: byEmail.key, v: byEmail.v }, id])],
  ["the order of the options", of([id, byEmail], { size: { $numberInt: "4096" }, capped: true })],
  ["the type of a number", of([id, { ...byEmail, key: { email: { $numberDouble: "1.0" }, at: { $numberLong: "-1" } } }])],
  ["the namespace and the way an index was built", of([{ ...id, ns: "shop.a" }, { ...byEmail, ns: "shop.a", background: true }])],
])("is the same whatever %s", (_, other) => {
  expect(other).toBe(reference);
});

it("refuses metadata that cannot be read", () => {
  expect(() => definitionOf("{")).toThrow("Expected the metadata of each collection");
});
