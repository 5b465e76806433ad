import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Engine, startEngine } from "../support/engine/engine.ts";
import { writeStandInTools } from "../support/engine/project.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 180_000 });

const LAYER = "aws:lambda/layerVersion:LayerVersion";

describeWithParts("the tools layer under Pulumi", ["engine"], () => {
  let engine: Engine;
  const removeTools = (): void => rmSync(join(engine.project, ".tools"), { recursive: true });
  beforeAll(async () => {
    // One database: nothing here depends on how large the stack is.
    engine = await startEngine({ stack: "dev", source: fileURLToPath(new URL("fixtures/tools-layer", import.meta.url)), pack: false });
  });
  afterAll(() => engine.stop());

  it("is previewed without its zip, and then refused by up in one sentence, before anything is made", async () => {
    removeTools();
    const previewed = await engine.preview();
    expect([previewed.exitCode, previewed.steps.filter(({ urn }) => urn.includes(LAYER)).length]).toEqual([0, 1]);
    const refused = await engine.up();
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toContain("run `npm run tools` once");
    expect(refused.output).not.toContain("    at ");
    expect((await engine.exportStack()).resources.filter(({ type }) => type.startsWith("aws:"))).toEqual([]);
  });

  it("is made from the zip, and a preview where the zip is not changes nothing", async () => {
    writeStandInTools(engine.project);
    expect((await engine.up()).exitCode).toBe(0);
    const made = (await engine.exportStack()).resources.filter(({ type }) => type === LAYER);
    expect(JSON.stringify(made.map(({ inputs }) => inputs?.code))).toContain('".tools/layer-x86_64.zip"');
    removeTools();
    const again = await engine.preview();
    expect([again.exitCode, again.steps]).toEqual([0, []]);
  });
});
