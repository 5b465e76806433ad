import { describe, expect, it } from "vitest";
import { drillsAreWatched } from "../../policies/drills-are-watched.ts";
import { drillsReachNothing } from "../../policies/drills-reach-nothing.ts";
import { judge, type Stack } from "../support/policy.ts";
import { broken, part, validStack, without } from "./valid-stack.ts";

const changed = (name: string, props: Record<string, unknown>): Stack => broken((stack) => { Object.assign(part(stack, name).props, props); });

const planned = (stack: Stack): Stack => {
  const { plan } = part(stack, "campus").props as { plan: { entries: object[] } };
  plan.entries.push({ kind: "drill", name: "accounts-drill", from: "upkeep:databases.accounts.verify.restore", source: "accounts" });
  return stack;
};

describe("drills-are-watched", () => {
  it.each([
    ["a schedule", "drill-schedule"],
    ["a state machine that the schedule starts", "drill-machine"],
    ["a task that the state machine runs", "drill-task"],
    ["an alarm on the state machine's ExecutionsFailed", "drill-failed"],
  ])("demands %s", async (what, name) => {
    expect(await judge(drillsAreWatched, without(validStack(), name))).toEqual({
      messages: [expect.stringContaining(`Expected accounts-drill to have ${what}, found none.`)], about: ["accounts-drill"],
    });
  });

  it("demands an alarm on the age of the newest good restore, which silence raises too", async () => {
    expect((await judge(drillsAreWatched, without(validStack(), "drill-age"))).messages).toEqual([expect.stringContaining("Expected an alarm on RestoreAgeSeconds of accounts, found none.")]);
    expect((await judge(drillsAreWatched, changed("drill-age", { treatMissingData: "notBreaching" }))).messages).toEqual([expect.stringContaining("got GreaterThanThreshold and notBreaching")]);
    expect((await judge(drillsAreWatched, changed("drill-age", { comparisonOperator: "LessThanThreshold" }))).messages).toEqual([expect.stringContaining("got LessThanThreshold and breaching")]);
    expect((await judge(drillsAreWatched, changed("drill-age", { dimensions: { Source: "other" } }))).messages).toEqual([expect.stringContaining("Expected an alarm on RestoreAgeSeconds of accounts")]);
  });

  it("demands the drill that the plan has, and none where it has none", async () => {
    expect((await judge(drillsAreWatched, planned(without(validStack(), "accounts-drill")))).messages).toEqual([expect.stringContaining("Expected a restore drill for upkeep:databases.accounts.verify.restore, found none")]);
    expect((await judge(drillsAreWatched, without(validStack(), "accounts-drill"))).messages).toEqual([]);
  });
});

describe("drills-reach-nothing", () => {
  it.each(["secretsmanager:GetSecretValue", "rds-db:connect", "elasticache:Connect", "*"])("refuses %s in a role of a drill", async (action) => {
    const open = changed("drill-rights", { policy: { Statement: [{ Effect: "Allow", Action: ["s3:GetObject", action], Resource: ["arn:aws:s3:::campus"] }] } });
    expect(await judge(drillsReachNothing, open)).toEqual({ messages: [expect.stringContaining(`Expected drill-rights to give no way into a database, got ${action}.`)], about: ["accounts-drill"] });
  });

  it("lets a backup read the secret of its database", async () => {
    expect((await judge(drillsReachNothing, validStack())).messages).toEqual([]);
  });
});
