import { readdirSync, readFileSync } from "node:fs";
import type { Policies } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { rules } from "../../policies/rules.ts";
import { supersededTag as packTag, tagKeys as packKeys } from "../../policies/internal/tags.ts";
import { metricDimensions, metricNames, metricNamespace } from "../../practice/contract/metrics.ts";
import { supersededTag, tagKeys } from "../../practice/contract/tags.ts";
import { judge } from "../support/policy.ts";
import { validStack } from "./valid-stack.ts";

const each = rules.map((rule): [string, Policies[number]] => [rule.name, rule]);

describe("the list of rules", () => {
  it("holds every rule that has a file, under the file's name", () => {
    const files = readdirSync("policies", { withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".ts") && !["index.ts", "rules.ts"].includes(entry.name))
      .map(({ name }) => name.slice(0, -".ts".length));
    expect(rules.map(({ name }) => name).toSorted()).toEqual(files.toSorted());
  });

  it.each(each)("%s says what it wants, how bad it is and what to do", (_, rule) => {
    expect(rule.description).toMatch(/^[A-Z].*\.$/);
    expect(rule.remediationSteps).toMatch(/^[A-Z].*\.$/);
    expect(["low", "medium", "high", "critical"]).toContain(rule.severity);
    expect(["mandatory", "advisory"]).toContain(rule.enforcementLevel);
  });

  it("lets only the tags be advice", () => {
    expect(rules.filter(({ enforcementLevel }) => enforcementLevel !== "mandatory").map(({ name }) => name)).toEqual(["resources-are-tagged"]);
  });
});

describe("every rule", () => {
  it.each(each)("%s accepts the valid stack, to its end", async (_, rule) => {
    expect(await judge(rule, validStack())).toEqual({ messages: [], about: [] });
  });

  it.each(each)("%s leaves resources of other types alone", async (_, rule) => {
    const props = { policy: "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}", retentionInDays: 0, forceDestroy: true };
    const strangers = Object.fromEntries(["gcp:storage/bucket:Bucket", "upkeep:other:Thing", "aws:dynamodb/table:Table"].map((type) => [type, { type, props }]));
    const verdict = await judge(rule, strangers);
    expect(verdict.messages).toEqual([]);
    // "All is well" would be said of nothing.
    if ("validateStack" in rule) expect(verdict.notApplicable).toMatch(/^The stack (declares neither|does not declare)/);
  });
});

describe("the strings that the pack repeats", () => {
  it("are those of the practice", () => {
    expect(packKeys).toEqual(tagKeys);
    expect(packTag).toEqual(supersededTag);
  });

  it("name the gauges that the handlers publish", () => {
    const said = (file: string): string => readFileSync(`policies/${file}.ts`, "utf8");
    expect(said("backups-are-watched")).toContain(`namespace: "${metricNamespace}", metricName: "${metricNames.backupAge}", dimension: "${metricDimensions.source}"`);
    expect(said("backups-are-verified")).toContain(`"${metricNames.checksumsAge}", "${metricNames.decodeAge}"`);
    expect(said("backups-are-verified")).toContain(`namespace === "${metricNamespace}"`);
    expect(said("evidence-is-watched")).toContain(`"${metricNames.evidenceRuns}"`);
  });
});
