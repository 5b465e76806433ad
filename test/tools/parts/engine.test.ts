import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { engine, passedOver } from "../../../tools/parts/engine.ts";

let top: string;
let onPath: string;
beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), "upkeep-pulumi-"));
  onPath = join(top, "bin");
  mkdirSync(onPath);
  vi.stubEnv("PATH", onPath);
  vi.stubEnv("UPKEEP_PARTS", join(top, "parts"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(top, { recursive: true });
});

function install(folder: string, version: string, ...others: readonly string[]): void {
  for (const [program, script] of [["pulumi", `[ "$1" = version ] && echo ${version}`], ...others.map((other) => [other, "exit 1"])] as [string, string][]) {
    writeFileSync(join(folder, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, program), 0o755);
  }
}

it("is the one on PATH as Pulumi's installer leaves it, and nothing is built", () => {
  install(onPath, "v3.248.0", "pulumi-language-nodejs");
  expect(engine.find()).toEqual({ state: "ready", folder: onPath });
  expect(passedOver()).toBeUndefined();
});

it("is also found behind a link, with its language host beside where the link leads", () => {
  const elsewhere = join(top, "opt");
  mkdirSync(elsewhere);
  install(elsewhere, "v3.300.1", "pulumi-language-nodejs");
  symlinkSync(join(elsewhere, "pulumi"), join(onPath, "pulumi"));
  expect(engine.find()).toEqual({ state: "ready", folder: onPath });
});

it.each([
  ["too old for the SDK", "v3.247.9", ["pulumi-language-nodejs"], "is 3.247.9, 3.248.0 or newer of major version 3 is needed"],
  ["of another major version", "v4.1.0", ["pulumi-language-nodejs"], "is 4.1.0, 3.248.0 or newer of major version 3 is needed"],
  ["without a language host, which runs no program", "v3.259.0", [], "has no pulumi-language-nodejs beside it"],
  ["not Pulumi at all", "hello", ["pulumi-language-nodejs"], "does not say which version it is"],
])("passes over one that is %s, and says so in one sentence", (_, version, others, complaint) => {
  install(onPath, version, ...others);
  const sentence = `${join(onPath, "pulumi")} ${complaint}`;
  expect(passedOver()).toBe(sentence);
  expect(engine.find()).toMatchObject({ state: "missing", why: `${sentence}, and it was not built yet` });
});

it("says nothing of PATH where there is none", () => {
  expect(passedOver()).toBeUndefined();
  expect(engine.find()).toMatchObject({ state: "missing", why: "it was not built yet" });
});
