import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { rules } from "../../policies/rules.ts";
import type { Verdict } from "../../preview/policy/verdict.ts";
import { previewStack } from "../../preview/preview.ts";
import { comparedStacks } from "../support/everything.ts";
import { type Engine, startEngine } from "../support/engine/engine.ts";
import type { Ended } from "../support/engine/operation.ts";
import { repository } from "../support/engine/project.ts";
import { describeWithParts } from "../support/parts.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const violations = fileURLToPath(new URL("fixtures/violations", import.meta.url));
const rulesFile = join(repository, "policies", "dist", "rules.cjs");

/** What both tell of one resource, as text that sorts. Of the stack as a whole, Pulumi tells as of its own resource. */
const told = (policy: string, urn: string | undefined, outcome: string, message: string): string =>
  `${policy} | ${urn?.includes("::pulumi:pulumi:Stack::") === true ? "the stack" : urn ?? "the stack"} | ${outcome} | ${message}`;

const cannotTell = /string value at (\S+) can't be known during preview/;

const offlineVerdicts = async (projectDir: string, stack: string): Promise<readonly Verdict[]> => (await previewStack({ projectDir, stack, rulesFile })).verdicts;

const worthTelling = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.filter(({ outcome }) => outcome !== "passed" && outcome !== "not-applicable").map(({ policy, urn, outcome, level, message }) =>
    told(policy, urn, outcome === "violated" ? `${level} violation` : outcome, outcome === "cannot-tell" ? cannotTell.exec(message)?.[1] ?? message : message)).toSorted();

/** Under Pulumi a message begins with the rule's description, and a rule that cannot tell says so in Pulumi's words. */
const underPulumi = ({ judgements }: Ended): readonly string[] =>
  judgements.map(({ policy, urn, level, message }) => {
    const unknownAt = cannotTell.exec(message)?.[1];
    return unknownAt === undefined ? told(policy, urn, `${level} violation`, message.split("\n").slice(1).join("\n").trim()) : told(policy, urn, "cannot-tell", unknownAt);
  }).toSorted();

describeWithParts("the rules say the same offline and as a pack under Pulumi", ["engine"], () => {
  describe("of a program that breaks them", () => {
    let engine: Engine;
    let offline: readonly Verdict[];
    beforeAll(async () => {
      engine = await startEngine({ stack: "dev", source: violations });
      offline = await offlineVerdicts(engine.project, "dev");
    });
    afterAll(() => engine.stop());

    it("resource by resource, what is violated and what cannot be told", async () => {
      const ended = await engine.preview();
      expect(ended.exitCode).not.toBe(0);
      expect(underPulumi(ended)).toEqual(worthTelling(offline));
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

  it.each(comparedStacks)("of the stack $stack: every rule can tell, and has nothing against it", async ({ source, stack }) => {
    const engine = await startEngine({ source, stack });
    try {
      const ended = await engine.preview();
      expect(ended.output).toContain("✅ upkeep@");
      expect(underPulumi(ended)).toEqual([]);
      expect(worthTelling(await offlineVerdicts(engine.project, stack))).toEqual([]);
    } finally {
      engine.stop();
    }
  });
});
