import { chmodSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { unzipSync } from "fflate";
import { afterEach, expect, it, vi } from "vitest";
import { zipOf } from "../../../tools/layer/zip.ts";

const folders: string[] = [];
afterEach(() => {
  vi.unstubAllEnvs();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const contents = {
  "bin/pg_dump": "one", "bin/mongodump": "two", "share/upkeep-tools/versions.json": "{}", "share/upkeep-tools/licences/go/a_b/LICENSE": "terms",
};

function rootWith(files: readonly (readonly [string, string])[], { mode, when }: { readonly mode: number; readonly when: Date }): string {
  const root = mkdtempSync(join(tmpdir(), "upkeep-zip-"));
  folders.push(root);
  for (const [name, content] of files) {
    const file = join(root, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
    utimesSync(file, when, when);
  }
  return root;
}

/** Name and Unix mode of each file, from the zip's own table of contents. */
function modesIn(zip: Buffer): Readonly<Record<string, string>> {
  const found: Record<string, string> = {};
  const signature = Buffer.from("PK\u0001\u0002", "latin1");
  for (let at = zip.indexOf(signature); at !== -1; at = zip.indexOf(signature, at + 46)) {
    const name = zip.toString("utf8", at + 46, at + 46 + zip.readUInt16LE(at + 28));
    found[name] = (zip.readUInt32LE(at + 38) >>> 16).toString(8);
  }
  return found;
}

it("the same files give the same bytes, whatever the machine's order, dates, modes and time zone", () => {
  const files = Object.entries(contents);
  vi.stubEnv("TZ", "Asia/Tokyo");
  const one = zipOf(rootWith(files, { mode: 0o700, when: new Date("2026-01-01T00:00:00Z") }));
  vi.stubEnv("TZ", "America/Los_Angeles");
  const other = zipOf(rootWith(files.toReversed(), { mode: 0o644, when: new Date("2020-05-05T00:00:00Z") }));
  expect(Buffer.from(one).equals(other)).toBe(true);
  const changed = zipOf(rootWith(Object.entries({ ...contents, "bin/pg_dump": "One" }), { mode: 0o644, when: new Date() }));
  expect(Buffer.from(one).equals(changed)).toBe(false);
});

it("holds every file, programs executable", () => {
  const zip = zipOf(rootWith(Object.entries(contents), { mode: 0o600, when: new Date() }));
  const texts = Object.entries(unzipSync(zip)).map(([name, content]) => [name, Buffer.from(content).toString()]);
  expect(Object.fromEntries(texts)).toEqual(contents);
  expect(modesIn(Buffer.from(zip))).toEqual({
    "bin/mongodump": "100755", "bin/pg_dump": "100755", "share/upkeep-tools/licences/go/a_b/LICENSE": "100644", "share/upkeep-tools/versions.json": "100644",
  });
});
