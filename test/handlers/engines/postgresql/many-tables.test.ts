import { expect, it } from "vitest";
import { measureContents } from "../../../../handlers/engines/postgresql/contents.ts";
import type { Session } from "../../../../handlers/engines/postgresql/session.ts";
import type { DumpedTable } from "../../../../handlers/engines/postgresql/tables.ts";
import type { Contents } from "../../../../practice/contract/manifest.ts";

/** A database whose tables have as many rows as their number says; table 7's rows hash to what is given. */
const sessionWith = (hashOfSeven: string): Session => ({
  rows: async <Row>(query: string) => {
    if (query.includes("pg_policy")) return [];
    const table = /from only t_(\d+) /.exec(query)?.[1];
    const answer = table !== undefined ? { count: Number(table) % 3, ...(query.includes("hashtextextended") ? { hash: table === "7" ? hashOfSeven : "1" } : {}) }
      : query.includes("pg_largeobject_metadata") ? { count: 0, hash: "0" }
      : query.includes("server_encoding") ? "UTF8"
      : query.includes("pg_extension") ? { name: "plpgsql", version: "1.0" }
      : undefined;
    if (answer === undefined) throw new Error(`Nobody taught the double ${query}.`);
    return [answer as Row];
  },
  lines: (statements) => {
    throw new Error(`Expected questions only, got ${statements}.`);
  },
  run: (statements) => Promise.reject(new Error(`Expected questions only, got ${statements}.`)),
  close: () => Promise.resolve(),
});

const tablesIn = (count: number, schemaOf: (index: number) => string): readonly DumpedTable[] => Array.from({ length: count }, (_, index) => ({
  key: `${schemaOf(index)}.t_${index}`, schema: schemaOf(index), name: `t_${index}`, oid: index, parent: false, columns: ["id"], from: `from only t_${index} t `,
}));

const measured = (tables: readonly DumpedTable[], major = 15, hashOfSeven = "1"): Promise<Contents> => measureContents({ session: sessionWith(hashOfSeven), tables, major });

it("names each of ten thousand tables, and with more than that each schema", async () => {
  expect(Object.keys((await measured(tablesIn(10_000, () => "public"))).counts)).toHaveLength(10_000);
  const tables = tablesIn(10_001, (index) => (index < 5 ? "few" : "many"));
  const { counts, hashes } = await measured(tables);
  expect(counts).toEqual({ "few.*": 0 + 1 + 2 + 0 + 1, "many.*": 9_996 });
  const other = await measured(tables, 15, "2");
  expect(other.hashes?.["few.*"]).toBe(hashes?.["few.*"]);
  expect(other.hashes?.["many.*"]).not.toBe(hashes?.["many.*"]);
});

it("has one name for all where each tenant has a schema, so that a manifest stays readable", async () => {
  const { counts, hashes } = await measured(tablesIn(10_001, (index) => `tenant_${index}`));
  expect(counts).toEqual({ "*": 10_000 });
  expect(hashes?.["*"]).toMatch(/^[0-9a-f]{64}$/);
});

it("counts only, on a server whose floats had other digits", async () => {
  const contents = await measured(tablesIn(3, () => "public"), 11);
  expect(contents).toEqual({ counts: { "public.t_0": 0, "public.t_1": 1, "public.t_2": 2 }, extensions: { plpgsql: "1.0" } });
});
