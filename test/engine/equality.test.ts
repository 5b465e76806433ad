import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type DocumentResource, documentOf } from "../../preview/document.ts";
import type { Verdict } from "../../preview/policy/verdict.ts";
import { previewStack } from "../../preview/preview.ts";
import { comparedStacks } from "../support/everything.ts";
import { type Difference, differencesBetween } from "../support/engine/differences.ts";
import { type EngineOptions, startEngine } from "../support/engine/engine.ts";
import { judgedOffline, judgedUnderPulumi, rulesFile } from "../support/engine/judged.ts";
import type { Ended } from "../support/engine/operation.ts";
import { repository } from "../support/engine/project.ts";
import type { StateResource } from "../support/engine/state.ts";
import { describeWithParts } from "../support/parts.ts";
import { knownDifferences } from "./known-differences.ts";

vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });

const sdk = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { readonly version: string };

interface Both {
  readonly offline: readonly DocumentResource[];
  readonly engine: readonly StateResource[];
  readonly differences: readonly Difference[];
  readonly offlineVerdicts: readonly Verdict[];
  readonly engineEnded: Ended;
}

async function bothPreviews(options: EngineOptions): Promise<Both> {
  const started = await startEngine(options);
  try {
    const { resources: engine, ended: engineEnded } = await started.planned();
    const preview = await previewStack({ projectDir: started.project, stack: options.stack, rulesFile });
    expect(preview.problems).toEqual([]);
    const offline = documentOf(preview).resources;
    return { offline, engine, differences: differencesBetween(offline, engine), offlineVerdicts: preview.verdicts, engineEnded };
  } finally {
    started.stop();
  }
}

const rowsFor = ({ offline }: Both, difference: Difference): readonly string[] => {
  const asked = offline.find(({ urn }) => urn === difference.urn);
  const parent = offline.find(({ urn }) => urn === asked?.parent);
  return knownDifferences.filter(({ explains }) => explains(difference, asked, parent)).map(({ title }) => title);
};

describeWithParts("the offline preview is what Pulumi would do", ["engine"], () => {
  const used = new Set<string>();

  const expectOnlyKnown = (both: Both): void => {
    expect(both.differences.filter((difference) => rowsFor(both, difference).length !== 1)).toEqual([]);
    for (const difference of both.differences) for (const title of rowsFor(both, difference)) used.add(title);
  };

  describe.each(comparedStacks)("for $stack", ({ source, stack }) => {
    let both: Both;
    beforeAll(async () => {
      both = await bothPreviews({ source, stack });
    });

    it("resource by resource, but for the differences that are written down", () => {
      expect(both.engine.length).toBeGreaterThan({ prod: 140, staging: 120, test: 350 }[stack]);
      expectOnlyKnown(both);
    });

    it("rule by rule: every one can tell, and has nothing against it", () => {
      expect(both.engineEnded.packs).toEqual(["upkeep"]);
      expect(judgedUnderPulumi(both.engineEnded)).toEqual([]);
      expect(both.offlineVerdicts.filter(({ outcome }) => outcome === "passed")).not.toEqual([]);
      expect(judgedOffline(both.offlineVerdicts)).toEqual([]);
    });
  });

  it("for every option that a resource can have, its own and its parent's", async () => {
    const source = fileURLToPath(new URL("fixtures/options", import.meta.url));
    const both = await bothPreviews({ stack: "dev", source, pack: false });
    expectOnlyKnown(both);
    const books = both.engine.find(({ type }) => type === "aws:s3/bucket:Bucket");
    expect(books).toMatchObject({ protect: true, retainOnDelete: true, ignoreChanges: ["tags", "forceDestroy"], inputs: { tags: { shelf: "yes" } } });
    expect(books?.aliases).toHaveLength(3);
  });

  it("and no row of the table names a difference that there is not", () => {
    const table = readFileSync(join(repository, "docs", "offline-preview.md"), "utf8");
    const rows = [...table.matchAll(/^\| (?!difference )([^|-][^|]*?) \|/gm)].map(([, title = ""]) => title);
    expect(rows).toEqual(knownDifferences.map(({ title }) => title));
    const [, minor] = sdk.version.split(".").map(Number);
    const expected = knownDifferences.filter(({ sinceMinor = 0 }) => Number(minor) >= sinceMinor).map(({ title }) => title);
    expect([...used].toSorted()).toEqual(expected.toSorted());
  });
});
