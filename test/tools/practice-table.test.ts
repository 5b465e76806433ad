import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { catalog } from "../../practice/catalog/index.ts";
import { practicePage } from "../../tools/practice-table.ts";

const rows = practicePage().split("\n").filter((line) => line.startsWith("| `"));

it("is the page that stands in docs", () => {
  expect(readFileSync(new URL("../../docs/practice.md", import.meta.url), "utf8")).toBe(practicePage());
});

it("has one row for each item, in the order of the catalog", () => {
  expect(rows.map((row) => row.split("`")[1])).toEqual(catalog.map(({ id }) => id));
});

it("says of a row what it is, how often it is due and when it applies", () => {
  expect(rows).toContain(
    "| `backup.postgresql.daily` | Daily PostgreSQL dump | automated | daily at 02:00 | when it has a PostgreSQL database |",
  );
});

it("leaves no cell broken by a bar of its own", () => {
  expect(rows.filter((row) => row.split("|").length !== 7)).toEqual([]);
});
