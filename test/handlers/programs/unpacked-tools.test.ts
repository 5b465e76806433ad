import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type ZipOptions, zipSync } from "fflate";
import { afterEach, beforeEach, expect, it } from "vitest";
import { unpackTools } from "../../../handlers/programs/unpacked-tools.ts";
import { BIN, LICENCES, VERSIONS_FILE } from "../../../tools/layer/contents.ts";
import { zipOf } from "../../../tools/layer/zip.ts";

const never = new AbortController().signal;
const LINK = 0o120777;
const PROGRAM = 0o100755;

let scratch: string;
let archive: string;
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "unpacked-"));
  archive = join(scratch, "tools.zip");
  process.env["TMPDIR"] = scratch;
});
afterEach(() => {
  delete process.env["TMPDIR"];
  rmSync(scratch, { recursive: true });
});

const left = (): readonly string[] => readdirSync(scratch).filter((name) => name.startsWith("upkeep-"));
const entry = (text: string, mode: number): [Uint8Array, ZipOptions] => [Buffer.from(text), { os: 3, attrs: mode * 2 ** 16 }];

it("unpacks a layer's archive: programs can be run, and nobody else can look into the folder", async () => {
  const root = join(scratch, "layer");
  for (const folder of [BIN, LICENCES]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, BIN, "pg_dump"), `#!/bin/sh\necho pg_dump 18\n${"#".repeat(100_000)}\n`);
  writeFileSync(join(root, LICENCES, "PostgreSQL"), "as is");
  writeFileSync(join(root, VERSIONS_FILE), "{}");
  writeFileSync(archive, zipOf(root));

  const unpacked = await unpackTools(archive, never);
  const bin = unpacked?.bin ?? "";
  expect(execFileSync(join(bin, "pg_dump"), { encoding: "utf8" })).toBe("pg_dump 18\n");
  expect(readFileSync(join(bin, "pg_dump"))).toEqual(readFileSync(join(root, BIN, "pg_dump")));
  const modeOf = (path: string): number => statSync(path).mode & 0o777;
  expect([dirname(bin), join(bin, "pg_dump"), join(bin, "..", VERSIONS_FILE)].map(modeOf)).toEqual([0o700, 0o700, 0o600]);
  await unpacked?.remove();
  expect(left()).toEqual([]);
});

it("gives nothing where there is no archive", async () => {
  await expect(unpackTools(archive, never)).resolves.toBeUndefined();
  expect(left()).toEqual([]);
});

const whole = (): Uint8Array => zipSync({ "bin/pg_dump": entry("all that it is", PROGRAM) }, { level: 0 });
function flipped(): Uint8Array {
  const zip = Buffer.from(whole());
  const at = zip.indexOf("all that");
  zip[at] = (zip[at] ?? 0) ^ 1;
  return zip;
}

it.each([
  ["cut off", () => whole().subarray(0, -30), "End of central directory"],
  ["changed by one bit", flipped, "bin/pg_dump is damaged"],
  ["a link", () => zipSync({ "bin/pg_dump": entry("/bin/sh", LINK) }), "bin/pg_dump is no regular file"],
  ["leading out of its folder", () => zipSync({ "../pg_dump": entry("", PROGRAM) }), "invalid relative path"],
  ["without programs", () => zipSync({ "share/versions.json": entry("{}", 0o100644) }), "it has no folder bin"],
])("refuses an archive that is %s, and leaves nothing", async (_, bytes, problem) => {
  writeFileSync(archive, bytes());
  await expect(unpackTools(archive, never)).rejects.toThrow(problem);
  expect(left()).toEqual([]);
  expect(existsSync(join(scratch, "pg_dump"))).toBe(false);
});

it("unpacks nothing any more when it is told to stop", async () => {
  writeFileSync(archive, whole());
  const stop = new Error("told to stop");
  await expect(unpackTools(archive, AbortSignal.abort(stop))).rejects.toBe(stop);
  const later = new AbortController();
  const unpacking = unpackTools(archive, later.signal);
  later.abort(stop);
  await expect(unpacking).rejects.toBe(stop);
  expect(left()).toEqual([]);
});
