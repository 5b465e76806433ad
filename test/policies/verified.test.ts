import { describe, expect, it } from "vitest";
import { backupsAreVerified } from "../../policies/backups-are-verified.ts";
import { judge, type Stack } from "../support/policy.ts";
import { broken, part, validStack, without } from "./valid-stack.ts";

const changed = (name: string, props: Record<string, unknown>): Stack => broken((stack) => { Object.assign(part(stack, name).props, props); });

describe("backups-are-verified", () => {
  it.each([
    ["a schedule", "verify-schedule"],
    ["a function that the schedule calls", "verify-function"],
    ["a backup store that the function reads", "backups-bucket"],
    ["an alarm on the function's Errors", "check-failed"],
  ])("demands %s", async (what, name) => {
    expect(await judge(backupsAreVerified, without(validStack(), name))).toEqual({
      messages: [expect.stringContaining(`Expected accounts-verify to have ${what}, found none.`)], about: ["accounts"],
    });
  });

  it.each(["ChecksumsAgeSeconds", "DecodeAgeSeconds"])("demands an alarm on %s, which silence raises too", async (metric) => {
    expect((await judge(backupsAreVerified, without(validStack(), metric))).messages).toEqual([expect.stringContaining(`Expected an alarm on ${metric} of accounts, found none.`)]);
    expect((await judge(backupsAreVerified, changed(metric, { treatMissingData: "notBreaching" }))).messages).toEqual([expect.stringContaining("got GreaterThanThreshold and notBreaching")]);
    expect((await judge(backupsAreVerified, changed(metric, { comparisonOperator: "LessThanThreshold" }))).messages).toEqual([expect.stringContaining("got LessThanThreshold and breaching")]);
    expect((await judge(backupsAreVerified, changed(metric, { dimensions: { Source: "other" } }))).messages).toEqual([expect.stringContaining(`Expected an alarm on ${metric} of accounts`)]);
  });

  it("demands checks of every backup, not only of one", async () => {
    const stack = broken((whole) => {
      whole["other"] = { type: "upkeep:backup:FilesBackup", parent: "campus", props: { entry: { kind: "files-backup", source: "other" } } };
    });
    const { messages, about } = await judge(backupsAreVerified, stack);
    expect(messages[0]).toContain("Expected checks of the backups of other, found none.");
    expect(new Set(about)).toEqual(new Set(["other"]));
  });
});
