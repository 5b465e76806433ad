import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { fillFolder, folderOf } from "../../../tools/parts/folder.ts";

let parts: string;
beforeEach(() => {
  parts = mkdtempSync(join(tmpdir(), "upkeep-parts-"));
  vi.stubEnv("UPKEEP_PARTS", parts);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(parts, { recursive: true });
});

it("shows a folder only when it is complete", async () => {
  const folder = folderOf("example", [], ["1.0"]);
  await fillFolder(folder, async (temporary) => {
    expect(existsSync(folder)).toBe(false);
    writeFileSync(join(temporary, "program"), "");
  });
  expect(readdirSync(folder)).toEqual(["program"]);
  expect(readdirSync(parts)).toHaveLength(1);
});

it("leaves nothing behind when filling fails", async () => {
  await expect(fillFolder(folderOf("example", [], []), () => Promise.reject(new Error("no network")))).rejects.toThrow("no network");
  expect(readdirSync(parts)).toEqual([]);
});

it("removes what a killed build left, and keeps what a living one is building", async () => {
  const ended = join(parts, `example-1.${2 ** 22 + 1}.partial`);
  const alive = join(parts, `example-2.${process.ppid}.partial`);
  mkdirSync(ended);
  mkdirSync(alive);
  await fillFolder(join(parts, "example-3"), async () => {});
  expect(readdirSync(parts).toSorted((a, b) => a.localeCompare(b))).toEqual([`example-2.${process.ppid}.partial`, "example-3"]);
});

it("names another folder when the recipe changes, so that no stale program is tested", () => {
  const recipe = ["ministack/requirements.txt"];
  expect(folderOf("s3", recipe, ["1"])).toBe(folderOf("s3", recipe, ["1"]));
  expect(new Set([folderOf("s3", recipe, ["1"]), folderOf("s3", recipe, ["2"]), folderOf("s3", ["ferretdb/go.sum"], ["1"])]).size).toBe(3);
});
