import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zipSync } from "fflate";
import { afterEach, beforeEach, expect, it } from "vitest";
import { PROGRAMS } from "../../../tools/layer/contents.ts";
import { placeLayer } from "../../../tools/layer/place.ts";
import { takePrebuilt } from "../../../tools/layer/prebuilt.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "upkeep-prebuilt-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A 64-bit program for Linux that needs nothing of anyone: no sections at all. */
const program = (): Uint8Array => {
  const elf = new Uint8Array(64);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  return elf;
};
const whole = (): Record<string, Uint8Array> => ({
  ...Object.fromEntries(PROGRAMS.map((name) => [`bin/${name}`, program()])),
  "share/upkeep-tools/versions.json": Buffer.from('{"architecture":"x86_64"}'),
});

function taken(files: Record<string, Uint8Array>, { sha256, from }: { readonly sha256?: string; readonly from?: string } = {}): Promise<Uint8Array> {
  const zip = zipSync(files);
  const file = join(folder, "some.zip");
  writeFileSync(file, zip);
  const sum = createHash("sha256").update(zip).digest("hex");
  return takePrebuilt({ from: from ?? file, sha256: sha256 ?? sum, architecture: "x86_64" }, join(folder, "root"), () => {});
}

it("takes the layer that was pinned, and places it with its checksum and its programs", async () => {
  const zip = await taken(whole());
  const { sha256 } = placeLayer(join(folder, "out"), { root: join(folder, "root"), zip, architecture: "x86_64" });
  expect(readFileSync(join(folder, "out", "layer-x86_64.zip")).equals(readFileSync(join(folder, "some.zip")))).toBe(true);
  expect(readFileSync(join(folder, "out", "layer-x86_64.zip.sha256"), "utf8")).toBe(`${sha256}  layer-x86_64.zip\n`);
  expect(statSync(join(folder, "root", "bin", "pg_dump")).mode & 0o777).toBe(0o755);
});

it("refuses another sum, and keeps nothing of it", async () => {
  await expect(taken(whole(), { sha256: "0".repeat(64) })).rejects.toThrow(/to have the SHA-256 0{64}, got [0-9a-f]{64}: it is not the layer that was pinned/);
  expect(readdirSync(folder)).toEqual(["some.zip"]);
});

it("refuses one that lacks a program, is for another processor, or holds something else than programs", async () => {
  const { "bin/redis-cli": _, ...incomplete } = whole();
  await expect(taken(incomplete)).rejects.toThrow(/it lacks bin\/redis-cli/);
  await expect(taken({ ...whole(), "share/upkeep-tools/versions.json": Buffer.from('{"architecture":"arm64"}') })).rejects.toThrow(/for x86_64, .* is for arm64/);
  await expect(taken({ ...whole(), "bin/psql": Buffer.from("#!/bin/sh\n") })).rejects.toThrow(/Expected psql to be a 64-bit program for Linux/);
});

it("writes nothing beside its own folder", async () => {
  await expect(taken({ ...whole(), "../escaped": program() })).rejects.toThrow(/files inside the layer's folder, got \.\.\/escaped/);
  expect(readdirSync(folder)).not.toContain("escaped");
});

it.each(["http://layers.example/layer.zip", "ftp://layers.example/layer.zip"])("fetches nothing from %s", async (from) => {
  await expect(taken(whole(), { from })).rejects.toThrow(/begins with https:\/\//);
});

it("names the file that there is not", async () => {
  await expect(taken(whole(), { from: join(folder, "none.zip") })).rejects.toThrow(/none\.zip, there is no such file/);
});
