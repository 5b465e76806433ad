import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { type Fetchers, fetchSource } from "../../../tools/layer/fetch-source.ts";
import { postgresql, redis, type Source } from "../../../tools/layer/sources.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "upkeep-source-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const sum = (text: string): string => createHash("sha256").update(text).digest("hex");
const source: Source = {
  name: "Thing", version: "1.0", licence: "MIT",
  places: [
    { kind: "web", url: "https://thing.example/thing.tar", sha256: sum("the source") },
    { kind: "debian", package: "thing", suite: "sid", sha256: sum("packed anew") },
  ],
};
const refuse = (reason: string) => (): never => {
  throw new Error(reason);
};
const writes = (text: string) => (_: unknown, file: string): Promise<void> => Promise.resolve(writeFileSync(file, text));
const fetched = (by: Fetchers): Promise<string> => fetchSource(source, folder, () => {}, by);

it("takes the first place, and asks no other", async () => {
  const file = await fetched({ web: writes("the source"), debian: refuse("Expected no second place to be asked.") });
  expect(readFileSync(file, "utf8")).toBe("the source");
});

it("takes the second when the first does not answer, by that place's own sum", async () => {
  const file = await fetched({ web: refuse("no such host"), debian: writes("packed anew") });
  expect(readFileSync(file, "utf8")).toBe("packed anew");
});

it("never keeps a file with another sum, and says what came from where", async () => {
  const bad = fetched({ web: writes("something else"), debian: writes("the source") });
  await expect(bad).rejects.toThrow(new RegExp(
    `Thing 1.0 from one of 2 places.*\\n.*https://thing.example/thing.tar: expected a file with the SHA-256 ${sum("the source")}, got ${sum("something else")}\\n.*Debian sid \\(source package thing\\): expected .*${sum("packed anew")}`,
  ));
  expect(readdirSync(folder)).toEqual([]);
});

it("pins what is built: whole sums, and more than one place for each", () => {
  for (const { places } of [postgresql, redis]) {
    expect(places.map(({ kind }) => kind)).toEqual(["web", "debian"]);
    for (const { sha256 } of places) expect(sha256).toMatch(/^[0-9a-f]{64}$/);
  }
});
