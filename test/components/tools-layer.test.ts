import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { LayerVersion } from "@pulumi/aws/lambda/layerVersion.js";
import { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { toolsArchive } from "../../components/internal/tools-archive.ts";
import { Maintenance } from "../../components/maintenance.ts";
import { campus, planFor } from "../support/campus.ts";
import { fargate } from "../support/fargate.ts";
import { previewed } from "../support/preview.ts";

const { toolsLayer: published, ...system } = campus().system;
const maintenance = (parts = {}) => previewed(() => new Maintenance("campus", { plan: planFor(parts) }));
const layersOf = (functions: readonly { readonly inputs: Readonly<Record<string, unknown>> }[]) => functions.map(({ inputs }) => inputs.layers);

const before = process.cwd();
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "upkeep-program-"));
  process.chdir(folder);
});
afterEach(() => {
  process.chdir(before);
  rmSync(folder, { recursive: true });
});

function buildLayer(): void {
  mkdirSync(".tools");
  writeFileSync(join(".tools", "layer-x86_64.zip"), "a zip");
}

describe("ToolsLayer", () => {
  it("is the zip beside the program, for the processor of the functions, and each function that dumps loads it", async () => {
    buildLayer();
    const { byType, byName } = await maintenance({ system });
    const [layer, ...others] = byType(LayerVersion);
    expect(others).toEqual([]);
    expect(layer?.inputs).toMatchObject({ layerName: "campus-test-tools", compatibleArchitectures: ["x86_64"] });
    expect(JSON.stringify(layer?.inputs.code)).toContain('".tools/layer-x86_64.zip"');
    expect(layer?.options.ignoreChanges ?? []).toEqual([]);
    for (const source of ["accounts", "catalogue"]) {
      expect(byName(`campus-${source}`, LambdaFunction).propertyDependencies.layers).toEqual([layer?.urn]);
    }
  });

  it("is previewed where the zip was not built, and leaves the deployed one as it is", async () => {
    const { byType } = await maintenance({ system });
    const [layer] = byType(LayerVersion);
    expect(layer?.options.ignoreChanges).toEqual(["code"]);
    expect(JSON.stringify(layer?.inputs.code)).not.toContain(".tools");
  });

  it("is stored for tasks as it is, or left as it is where it was not built", async () => {
    const stored = async () => (await maintenance({ system: { ...campus().system, fargate } })).byName("campus-tasks-backup-tools", BucketObject);
    expect((await stored()).options.ignoreChanges).toEqual(["source"]);
    buildLayer();
    const { inputs, options } = await stored();
    expect(JSON.stringify(inputs.source)).toContain('".tools/layer-x86_64.zip"');
    expect(options.ignoreChanges ?? []).toEqual([]);
  });

  it("is refused in a deployment without the zip, with what to run, and taken with it", () => {
    // Outside of a preview the SDK says that this is none.
    expect(() => toolsArchive("x86_64")).toThrow(/^Expected the layer of database programs in \.tools\/layer-x86_64\.zip, there is none: run `npm run tools` once/);
    buildLayer();
    expect(toolsArchive("x86_64").isBuilt).toBe(true);
  });

  it("is not declared where the stack file names a published one, which the functions load", async () => {
    expect(existsSync(".tools")).toBe(false);
    const { byType } = await maintenance();
    expect(byType(LayerVersion)).toEqual([]);
    expect(layersOf(byType(LambdaFunction)).filter((layers) => Array.isArray(layers) && layers.length > 0)).toEqual([[published], [published], [published]]);
  });
});
