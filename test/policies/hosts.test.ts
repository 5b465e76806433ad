import type { Policies } from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { backupsAreVerified } from "../../policies/backups-are-verified.ts";
import { backupsAreWatched } from "../../policies/backups-are-watched.ts";
import { databasesHaveBackups } from "../../policies/databases-have-backups.ts";
import { noWildcardInRoles } from "../../policies/no-wildcard-in-roles.ts";
import { rules } from "../../policies/rules.ts";
import { judge, type Stack } from "../support/policy.ts";
import { hostStack } from "./valid-host.ts";
import { part, without } from "./valid-stack.ts";

const broken = (change: (stack: Stack) => void): Stack => {
  const stack = hostStack();
  change(stack);
  return stack;
};
const changed = (name: string, props: Record<string, unknown>): Stack => broken((stack) => { Object.assign(part(stack, name).props, props); });
/** Everything stays, but for one edge between two of them. */
const unlinked = (name: string, property: string, to: string): Stack => broken((stack) => {
  const { refs = {}, dependsOn = [] } = part(stack, name);
  if (property === "dependsOn") part(stack, name).dependsOn = dependsOn.filter((one) => one !== to);
  else part(stack, name).refs = { ...refs, [property]: (refs[property] ?? []).filter((one) => one !== to) };
});
const allowing = (...Action: string[]) => ({ policy: { Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action, Resource: ["arn:aws:s3:::campus/disk/*"] }] } });

describe("a stack with a machine that backs itself up", () => {
  it.each(rules.map((rule): [string, Policies[number]] => [rule.name, rule]))("is accepted by %s, to its end", async (_, rule) => {
    expect(await judge(rule, hostStack())).toEqual({ messages: [], about: [] });
  });
});

describe("databases-have-backups, of a host", () => {
  it.each<[what: string, how: string, stack: Stack]>([
    ["an association with a schedule", "there is none", without(hostStack(), "disk-association")],
    ["an association with a schedule", "it runs once, when it is deployed", changed("disk-association", { scheduleExpression: undefined })],
    ["an association with a schedule", "it is another backup's", broken((stack) => { part(stack, "disk-association").parent = "accounts"; })],
    ["a machine on which the association runs", "it names none", changed("disk-association", { targets: [] })],
    ["a machine on which the association runs", "it says nothing of any", changed("disk-association", { targets: undefined })],
    ["a document that the association runs", "there is none", without(hostStack(), "disk-document")],
    ["a document that the association runs", "it runs another", unlinked("disk-association", "name", "disk-document")],
    ["a backup store that the document writes to", "its script names another bucket", unlinked("disk-document", "content", "backups-bucket")],
    ["a policy at the machine's role, for which the association waits", "nothing is attached", without(hostStack(), "web-1-attached")],
    ["a policy at the machine's role, for which the association waits", "it does not wait", unlinked("disk-association", "dependsOn", "web-1-attached")],
    ["a policy at the machine's role, for which the association waits", "what is attached is no policy of this stack", unlinked("web-1-attached", "dependsOn", "web-1-rights")],
    ["a policy that lets the machine put objects into the backup store", "it is about another bucket", unlinked("web-1-rights", "policy", "backups-bucket")],
    ["a policy that lets the machine put objects into the backup store", "it only lets it read", changed("web-1-rights", allowing("s3:GetObject"))],
  ])("demands %s: %s", async (what, _, stack) => {
    expect(await judge(databasesHaveBackups, stack)).toEqual({ messages: [`Expected disk to have ${what}, found none. Connect them by their outputs.`], about: ["disk"] });
  });

  it("demands the backup that the plan has, and nobody declared", async () => {
    const stack = without(hostStack(), "disk");
    const { plan } = part(stack, "campus").props as { plan: { entries: object[] } };
    plan.entries.push({ kind: "host-backup", name: "disk", source: "disk", from: "upkeep:files.disk.backup" });
    expect((await judge(databasesHaveBackups, stack)).messages).toEqual(["Expected the component that backs up disk (upkeep:files.disk.backup), found none. Declare what the plan says."]);
  });
});

describe("backups-are-watched, of a host", () => {
  it.each<[what: string, how: string, stack: Stack]>([
    ["a rule that hears from State Manager of the association's failed runs", "there is none", without(hostStack(), "disk-rule")],
    ["a rule that hears from State Manager of the association's failed runs", "it hears of others", unlinked("disk-rule", "eventPattern", "disk-association")],
    ["a queue that the rule sends them to", "the rule sends nothing", without(hostStack(), "disk-target")],
    ["a queue that the rule sends them to", "what it sends is another rule's", unlinked("disk-target", "rule", "disk-rule")],
    ["a queue that the rule sends them to", "it sends elsewhere", unlinked("disk-target", "arn", "disk-failures")],
    ["a policy of that queue that lets events.amazonaws.com send", "it has none", without(hostStack(), "disk-failures-policy")],
    ["a policy of that queue that lets events.amazonaws.com send", "it is another queue's", unlinked("disk-failures-policy", "queueUrl", "disk-failures")],
    ["a policy of that queue that lets events.amazonaws.com send", "it lets others do other things", changed("disk-failures-policy", allowing("sqs:ReceiveMessage"))],
    ["an alarm on NumberOfMessagesSent of that queue", "there is none", without(hostStack(), "disk-failed")],
    ["an alarm on NumberOfMessagesSent of that queue", "it counts another queue", unlinked("disk-failed", "dimensions", "disk-failures")],
    ["an alarm on NumberOfMessagesSent of that queue", "it counts something else", changed("disk-failed", { metricName: "NumberOfMessagesDeleted" })],
  ])("demands %s: %s", async (what, _, stack) => {
    expect(await judge(backupsAreWatched, stack)).toEqual({ messages: [expect.stringContaining(`Expected disk to have ${what}, found none.`)], about: ["disk"] });
  });

  it("demands an alarm on the age: a machine that is off says nothing", async () => {
    expect(await judge(backupsAreWatched, without(hostStack(), "disk-age"))).toEqual({ messages: [expect.stringContaining("Expected an alarm on BackupAgeSeconds of disk, found none.")], about: ["disk"] });
    expect((await judge(backupsAreWatched, changed("disk-age", { treatMissingData: "notBreaching" }))).messages).toEqual([expect.stringContaining("to be breaching, got notBreaching.")]);
  });
});

describe("the other rules, of a host", () => {
  it("backups-are-verified demands its checks, and alarms on their ages", async () => {
    expect((await judge(backupsAreVerified, without(hostStack(), "disk-verify"))).messages).toEqual([expect.stringContaining("Expected checks of the backups of disk, found none.")]);
    expect((await judge(backupsAreVerified, without(hostStack(), "disk-decode-age"))).messages).toEqual([expect.stringContaining("Expected an alarm on DecodeAgeSeconds of disk, found none.")]);
  });

  it("no-wildcard-in-roles looks at the policy that its role gets", async () => {
    expect(await judge(noWildcardInRoles, changed("web-1-rights", allowing("s3:*")))).toEqual({ messages: [expect.stringContaining("Expected web-1-rights to name its actions, got s3:*.")], about: ["web-1-rights"] });
  });
});
