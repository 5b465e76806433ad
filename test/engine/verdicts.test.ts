import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { rules } from "../../policies/rules.ts";
import type { Verdict } from "../../preview/policy/verdict.ts";
import { previewStack } from "../../preview/preview.ts";
import { type Engine, startEngine } from "../support/engine/engine.ts";
import { judgedOffline, judgedUnderPulumi, rulesFile } from "../support/engine/judged.ts";
import { repository } from "../support/engine/project.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const violations = fileURLToPath(new URL("fixtures/violations", import.meta.url));

describeWithParts("a program that breaks the rules is judged the same offline and by the pack under Pulumi", ["engine"], () => {
  let engine: Engine;
  let offline: readonly Verdict[];
  beforeAll(async () => {
    engine = await startEngine({ stack: "dev", source: violations });
    offline = (await previewStack({ projectDir: engine.project, stack: "dev", rulesFile })).verdicts;
  });
  afterAll(() => engine.stop());

  it("resource by resource, what is violated and what cannot be told", async () => {
    const ended = await engine.preview();
    expect(ended.exitCode).not.toBe(0);
    expect(judgedUnderPulumi(ended)).toEqual(judgedOffline(offline));
    expect(new Set(offline.map(({ outcome }) => outcome))).toEqual(new Set(["passed", "violated", "cannot-tell"]));
    // What nobody breaks, both would be silent about, whatever they think of it.
    expect(new Set(offline.filter(({ outcome }) => outcome === "violated").map(({ policy }) => policy))).toEqual(new Set(rules.map(({ name }) => name)));
  });

  it("and nothing is created, because the preview before an up can judge it", async () => {
    const ended = await engine.previewAndUp();
    expect(ended.exitCode).not.toBe(0);
    expect(engine.cloud.things).toEqual([]);
  });

  it("rules that met a value that nobody knows yet are those that the page lists", () => {
    const page = readFileSync(join(repository, "docs", "offline-preview.md"), "utf8");
    const listed = [...page.matchAll(/^- `([a-z-]+)`: /gm)].map(([, policy]) => policy);
    expect([...new Set(offline.filter(({ outcome }) => outcome === "cannot-tell").map(({ policy }) => policy))]).toEqual(listed);
  });
});
