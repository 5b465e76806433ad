import { describe, expect, it } from "vitest";
import { Maintenance } from "../../components/index.ts";
import { functionsKeepLogs } from "../../policies/functions-keep-logs.ts";
import { logsExpire } from "../../policies/logs-expire.ts";
import { resourcesAreTagged } from "../../policies/resources-are-tagged.ts";
import { makePlan } from "../../practice/plan/plan.ts";
import { schemaOf } from "../support/engine/resource-schema.ts";
import { everySetting } from "../support/everything.ts";
import { judge, type Stack, UNKNOWN } from "../support/policy.ts";
import { previewed } from "../support/preview.ts";
import { broken, part, tags, validStack, without } from "./valid-stack.ts";

const changed = (name: string, props: Record<string, unknown>): Stack => broken((stack) => { Object.assign(part(stack, name).props, props); });

describe("functions-keep-logs", () => {
  it("refuses a function that leaves its log group to Lambda", async () => {
    expect(await judge(functionsKeepLogs, without(validStack(), "accounts-logs")))
      .toEqual({ messages: [expect.stringContaining("Expected accounts-function to write to a log group of this stack, got none.")], about: ["accounts-function"] });
  });

  it("accepts a function that waits for its log group by name", async () => {
    const stack = broken((whole) => {
      Object.assign(part(whole, "accounts-function"), { refs: {}, dependsOn: ["accounts-logs"] });
    });
    expect((await judge(functionsKeepLogs, stack)).messages).toEqual([]);
  });

  it("is not content with a stack without functions where the plan has backups", async () => {
    expect((await judge(functionsKeepLogs, { campus: part(validStack(), "campus") })).messages)
      .toEqual([expect.stringContaining("Expected a function for upkeep:databases.accounts.backup, found none")]);
  });
});

describe("logs-expire", () => {
  it.each([0, undefined])("refuses a retention of %s days", async (retentionInDays) => {
    expect(await judge(logsExpire, changed("accounts-logs", { retentionInDays })))
      .toEqual({ messages: [expect.stringContaining("Expected accounts-logs to keep its lines for some days, got for ever.")], about: ["accounts-logs"] });
  });

  it("doubts an unknown retention", async () => {
    expect((await judge(logsExpire, changed("accounts-logs", { retentionInDays: UNKNOWN }))).doubt).toContain("retentionInDays");
  });
});

describe("resources-are-tagged", () => {
  it.each(Object.keys(tags("backup")))("advises to add %s", async (key) => {
    expect(await judge(resourcesAreTagged, changed("store-key", { tags: { ...tags("backup"), [key]: "" } })))
      .toEqual({ messages: [expect.stringContaining(`Expected store-key to carry ${key}, got no value.`)], about: ["store-key"] });
  });

  it("reads the provider's default tags too", async () => {
    expect((await judge(resourcesAreTagged, changed("store-key", { tags: {}, tagsAll: tags("backup") }))).messages).toEqual([]);
  });

  it("knows every class that a stack of everything declares and whose own schema has tags", async () => {
    const { resources } = await previewed(() => void new Maintenance("campus", { plan: makePlan(everySetting()).plan }));
    const types = [...new Set(resources.map(({ type }) => type))].filter((type) => type.startsWith("aws:") && schemaOf(type)?.inputs.has("tags"));
    expect(types.length).toBeGreaterThan(20);
    const verdicts = await Promise.all(types.map(async (type) =>
      ({ type, ...await judge(resourcesAreTagged, { ...validStack(), untagged: { type, parent: "campus", props: {} } }) })));
    expect(verdicts.filter(({ about }) => !about.includes("untagged")).map(({ type }) => type)).toEqual([]);
    // And each of them has its own.
    const untagged = resources.filter(({ type, inputs }) => types.includes(type) && Object.keys(tags("backup")).some((key) => !Object.keys(inputs.tags as object).includes(key)));
    expect(untagged.map(({ urn }) => urn)).toEqual([]);
  });

  it("leaves resources alone that are not the practice's", async () => {
    const stranger = { type: "aws:s3/bucket:Bucket", props: {} };
    expect((await judge(resourcesAreTagged, { stranger })).messages).toEqual([]);
  });

  it("doubts unknown tags", async () => {
    expect((await judge(resourcesAreTagged, changed("store-key", { tags: UNKNOWN }))).doubt).toContain(".tags can't be known");
  });
});
