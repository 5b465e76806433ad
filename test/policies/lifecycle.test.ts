import { describe, expect, it } from "vitest";
import { storeLifecycleComplete } from "../../policies/store-lifecycle-complete.ts";
import { storeLockEndsInTime } from "../../policies/store-lock-ends-in-time.ts";
import { storeReplicated } from "../../policies/store-replicated.ts";
import { judge, type Stack, UNKNOWN } from "../support/policy.ts";
import { broken, part, validStack, without } from "./valid-stack.ts";

type Rule = Record<string, unknown>;

/** The valid stack with other lifecycle rules for the first store. */
const withRules = (change: (superseded: Rule, leftOver: Rule) => readonly Rule[]): Stack => broken((stack) => {
  const { props } = part(stack, "backups-lifecycle");
  const [superseded = {}, leftOver = {}] = props["rules"] as readonly Rule[];
  props["rules"] = change(superseded, leftOver);
});

describe("store-lifecycle-complete", () => {
  it.each<[string, Stack]>([
    ["expire superseded objects", withRules((_, leftOver) => [leftOver])],
    ["expire superseded objects", withRules((superseded, leftOver) => [{ ...superseded, expiration: undefined }, leftOver])],
    ["expire noncurrent versions", withRules((superseded, leftOver) => [superseded, { ...leftOver, noncurrentVersionExpiration: undefined }])],
    ["remove expired delete markers", withRules((superseded, leftOver) => [superseded, { ...leftOver, expiration: undefined }])],
    ["abort unfinished uploads", withRules((superseded, leftOver) => [superseded, { ...leftOver, abortIncompleteMultipartUpload: undefined }])],
  ])("demands to %s", async (duty, stack) => {
    expect(await judge(storeLifecycleComplete, stack))
      .toEqual({ messages: [expect.stringContaining(`Expected the lifecycle of backups-bucket to ${duty}`)], about: ["backups-bucket"] });
  });

  it.each<[string, Rule]>([
    ["by age alone", { expiration: { days: 30 } }],
    ["at a date", { expiration: { date: "2030-01-01T00:00:00Z" } }],
    ["below a prefix", { filter: { prefix: "campus/" }, expiration: { days: 30 } }],
    ["with another tag", { filter: { tag: { key: "upkeep:superseded", value: "false" } }, expiration: { days: 30 } }],
  ])("refuses a rule that takes current backups %s", async (_, rule) => {
    const stack = withRules((superseded, leftOver) => [superseded, leftOver, { id: "old", status: "Enabled", ...rule }]);
    expect((await judge(storeLifecycleComplete, stack)).messages).toEqual([expect.stringContaining("got the rule old, which takes any backup")]);
  });

  it("accepts the tag beside a prefix", async () => {
    const filter = { and: { prefix: "campus/", tags: { "upkeep:superseded": "true" } } };
    expect((await judge(storeLifecycleComplete, withRules((superseded, leftOver) => [{ ...superseded, filter }, leftOver]))).messages).toEqual([]);
  });

  it("counts neither disabled rules nor rules for a part of the bucket as done", async () => {
    const disabled = withRules((superseded, leftOver) => [superseded, { ...leftOver, status: "Disabled" }]);
    expect((await judge(storeLifecycleComplete, disabled)).messages).toHaveLength(3);
    const partial = withRules((superseded, leftOver) => [superseded, { ...leftOver, filter: { prefix: "campus/" } }]);
    expect((await judge(storeLifecycleComplete, partial)).messages).toHaveLength(3);
  });

  it("leaves a disabled rule that would take anything alone", async () => {
    const stack = withRules((superseded, leftOver) => [superseded, leftOver, { id: "old", status: "Disabled", expiration: { days: 1 } }]);
    expect((await judge(storeLifecycleComplete, stack)).messages).toEqual([]);
  });

  it("doubts rules that are unknown", async () => {
    const verdict = await judge(storeLifecycleComplete, broken((stack) => { part(stack, "backups-lifecycle").props["rules"] = UNKNOWN; }));
    expect(verdict).toEqual({ messages: [], about: [], doubt: expect.stringContaining(".rules can't be known") as string });
  });
});

describe("store-lock-ends-in-time", () => {
  const locked = (retention: object): Stack => broken((stack) => {
    part(stack, "backups-lock").props["rule"] = { defaultRetention: retention };
  });

  it.each([{ days: 30, messages: 0 }, { days: 31, messages: 1 }])("takes $days days for a keep of 30", async ({ days, messages }) => {
    expect((await judge(storeLockEndsInTime, locked({ days }))).messages).toHaveLength(messages);
  });

  it("counts years", async () => {
    expect((await judge(storeLockEndsInTime, locked({ years: 1 }))).messages)
      .toEqual([expect.stringContaining("at most the 30 days of upkeep:databases.accounts.backup, got 365.")]);
  });

  it("accepts a store without a lock", async () => {
    expect(await judge(storeLockEndsInTime, without(validStack(), "backups-lock"))).toEqual({ messages: [], about: [] });
  });

  it("doubts unknown days", async () => {
    expect((await judge(storeLockEndsInTime, locked({ days: UNKNOWN }))).doubt).toContain("defaultRetention.days");
  });
});

describe("store-replicated", () => {
  const withRule = (change: Rule): Stack => broken((stack) => {
    const { props } = part(stack, "replication");
    props["rules"] = (props["rules"] as readonly Rule[]).map((rule) => ({ ...rule, ...change }));
  });

  it.each<[string, Stack, string]>([
    ["is disabled", withRule({ status: "Disabled" }), "Expected an enabled rule in replication"],
    ["skips what KMS encrypted", withRule({ sourceSelectionCriteria: undefined }), "copy objects encrypted with KMS"],
    ["carries deletions over", withRule({ deleteMarkerReplication: { status: "Enabled" } }), "leave delete markers out"],
    ["ends in a bucket that nobody watches", broken((stack) => { part(stack, "replication").refs = { bucket: ["backups-bucket"], rules: ["copy-key"] }; }), "another backup store"],
    ["names no key", broken((stack) => { part(stack, "replication").refs = { bucket: ["backups-bucket"], rules: ["backups-copy-bucket"] }; }), "name the key of the copy"],
  ])("refuses a copy that %s", async (_, stack, message) => {
    expect(await judge(storeReplicated, stack)).toEqual({ messages: [expect.stringContaining(message)], about: ["replication"] });
  });

  const inRegions = (first: unknown, second: unknown): Stack => broken((stack) => {
    part(stack, "backups-bucket").props["region"] = first;
    part(stack, "backups-copy-bucket").props["region"] = second;
  });

  it.each<[string, unknown, unknown, string]>([
    ["in the same region", "eu-west-1", "eu-west-1", "Expected replication to copy into another region than that of backups-bucket, got eu-west-1 again."],
    ["whose region nobody says", "eu-west-1", undefined, "Expected backups-bucket and backups-copy-bucket to say their regions, got eu-west-1 and none."],
    ["of what has no region", undefined, "eu-west-1", "Expected backups-bucket and backups-copy-bucket to say their regions, got none and eu-west-1."],
  ])("refuses a copy %s", async (_, first, second, message) => {
    expect(await judge(storeReplicated, inRegions(first, second))).toEqual({ messages: [expect.stringContaining(message)], about: ["replication"] });
  });

  it("takes the region of a bucket's provider where it has none of its own", async () => {
    const stack = inRegions(undefined, undefined);
    part(stack, "backups-bucket").provider = { region: "eu-central-1" };
    part(stack, "backups-copy-bucket").provider = { region: "eu-west-1" };
    expect(await judge(storeReplicated, stack)).toEqual({ messages: [], about: [] });
    part(stack, "backups-copy-bucket").provider = { region: "eu-central-1" };
    expect((await judge(storeReplicated, stack)).messages).toEqual([expect.stringContaining("got eu-central-1 again")]);
  });

  it("doubts a region that is unknown, and judges the rest", async () => {
    const stack = inRegions("eu-central-1", UNKNOWN);
    (part(stack, "replication").props["rules"] as Rule[])[0] = { status: "Disabled" };
    const verdict = await judge(storeReplicated, stack);
    expect(verdict.messages).toEqual([expect.stringContaining("Expected an enabled rule")]);
    expect(verdict.doubt).toContain(".region can't be known");
  });

  const planned = (production: boolean, secondRegion?: string): Stack => {
    const stack = without(validStack(), "replication");
    part(stack, "campus").props["plan"] = {
      version: 1, system: { production }, items: [], entries: [{ kind: "store", name: "backups", from: "upkeep:store", ...(secondRegion && { secondRegion }) }],
    };
    return stack;
  };

  it("demands a copy in production, and wherever one was asked for", async () => {
    const demand = [expect.stringContaining("Expected a copy of the backups in a second region for upkeep:store, found none.")];
    expect((await judge(storeReplicated, planned(true))).messages).toEqual(demand);
    expect((await judge(storeReplicated, planned(false, "eu-west-1"))).messages).toEqual(demand);
    expect(await judge(storeReplicated, planned(false)))
      .toEqual({ messages: [], about: [], notApplicable: "The stack does not declare a backup store that needs a second region." });
  });

  it("judges a copy that nobody had to ask for", async () => {
    const stack = without(withRule({ status: "Disabled" }), "campus");
    expect((await judge(storeReplicated, stack)).about).toEqual(["replication"]);
  });

  it("doubts rules that are unknown", async () => {
    const verdict = await judge(storeReplicated, broken((stack) => { part(stack, "replication").props["rules"] = UNKNOWN; }));
    expect(verdict).toEqual({ messages: [], about: [], doubt: expect.stringContaining(".rules can't be known") as string });
  });
});
