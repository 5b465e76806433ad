import { describe, expect, it } from "vitest";
import { alarmsReachPeople } from "../../policies/alarms-reach-people.ts";
import { topicsCanBePublished } from "../../policies/topics-can-be-published.ts";
import { judge, type Stack, UNKNOWN } from "../support/policy.ts";
import { broken, part, validStack, without } from "./valid-stack.ts";

const changed = (name: string, props: Record<string, unknown>): Stack => broken((stack) => { Object.assign(part(stack, name).props, props); });

describe("alarms-reach-people", () => {
  it("refuses an alarm with neither an action nor a composite", async () => {
    const stack = broken((whole) => { part(whole, "failed").refs = { dimensions: ["accounts-machine"] }; });
    expect(await judge(alarmsReachPeople, stack))
      .toEqual({ messages: [expect.stringContaining("Expected failed to tell somebody, got neither an action")], about: ["failed"] });
  });

  it("refuses an alarm whose composite has no action, and that composite", async () => {
    const stack = broken((whole) => { part(whole, "age-page").refs = { alarmRule: ["age", "silent"] }; });
    expect((await judge(alarmsReachPeople, stack)).about.toSorted()).toEqual(["age", "age-page"]);
  });

  it.each([
    "NOT ALARM(\"age\") AND ALARM(\"silent\")",
    "NOT (ALARM(age)) AND ALARM(silent)",
    "ALARM(\"silent\") AND ALARM(\"storage\")",
    "ALARM(\"catalogue-age\")",
    "OK(\"age\")",
  ])("does not count an alarm as told by the composite %s", async (alarmRule) => {
    expect((await judge(alarmsReachPeople, changed("age-page", { alarmRule }))).about).toEqual(["age"]);
  });

  it.each(["ALARM(\"age\")", "ALARM('age') OR ALARM('silent')", "ALARM(arn:aws:cloudwatch:eu-central-1:123456789012:alarm:age)", UNKNOWN])(
    "counts an alarm as told by the composite %s", async (alarmRule) => {
      expect(await judge(alarmsReachPeople, changed("age-page", { alarmRule }))).toEqual({ messages: [], about: [] });
    });

  it("goes by the edge where the alarm's name is unknown", async () => {
    expect(await judge(alarmsReachPeople, changed("age", { name: UNKNOWN }))).toEqual({ messages: [], about: [] });
  });

  it("refuses a topic that nobody listens to", async () => {
    const { messages } = await judge(alarmsReachPeople, without(validStack(), "subscription"));
    expect(messages).toHaveLength(11);
    expect(messages[0]).toContain("Expected somebody to listen to the topic topic of");
  });

  it.each(["failed", "age-page"])("refuses %s when it is told not to act", async (name) => {
    expect(await judge(alarmsReachPeople, changed(name, { actionsEnabled: false })))
      .toEqual({ messages: [expect.stringContaining("got actionsEnabled: false")], about: [name] });
  });

  it("is not content with a stack without alarms where the plan has some", async () => {
    expect((await judge(alarmsReachPeople, { campus: part(validStack(), "campus") })).messages)
      .toEqual([expect.stringContaining("Expected an alarm for upkeep:databases.accounts.backup, found none")]);
  });

  it("doubts whether an alarm acts where that is unknown", async () => {
    expect(await judge(alarmsReachPeople, changed("failed", { actionsEnabled: UNKNOWN })))
      .toEqual({ messages: [], about: [], doubt: expect.stringContaining("actionsEnabled") as string });
  });
});

describe("topics-can-be-published", () => {
  const letting = (statement: Record<string, unknown>): string => JSON.stringify({
    Statement: [{ Effect: "Allow", Principal: { Service: ["cloudwatch.amazonaws.com"] }, Action: ["kms:Decrypt", "kms:GenerateDataKey"], Resource: "*", ...statement }],
  });

  it.each<[string, Record<string, unknown>]>([
    ["lets CloudWatch only decrypt", { Action: "kms:Decrypt" }],
    ["lets CloudWatch only generate", { Action: ["kms:GenerateDataKey*"] }],
    ["lets another service in", { Principal: { Service: "events.amazonaws.com" } }],
    ["denies it", { Effect: "Deny" }],
    ["names nobody", { Principal: undefined }],
    ["names people only", { Principal: { AWS: "arn:aws:iam::123456789012:root" } }],
  ])("refuses a key whose policy %s", async (_, statement) => {
    expect(await judge(topicsCanBePublished, changed("topic-key", { policy: letting(statement) })))
      .toEqual({ messages: [expect.stringContaining("Expected the key topic-key of topic to let cloudwatch.amazonaws.com")], about: ["topic"] });
  });

  it("is not content with a stack whose alarms have no topic where the plan has alerts", async () => {
    expect((await judge(topicsCanBePublished, without(validStack(), "topic"))).messages)
      .toEqual([expect.stringContaining("Expected a topic for upkeep:databases.accounts.backup, found none")]);
  });

  it("refuses a key that keeps AWS's default policy", async () => {
    expect((await judge(topicsCanBePublished, changed("topic-key", { policy: undefined }))).messages).toHaveLength(1);
  });

  it("accepts a key policy that is declared apart", async () => {
    const stack = changed("topic-key", { policy: UNKNOWN });
    stack["apart"] = { type: "aws:kms/keyPolicy:KeyPolicy", refs: { keyId: ["topic-key"] }, props: { keyId: UNKNOWN, policy: letting({}) } };
    expect(await judge(topicsCanBePublished, stack)).toEqual({ messages: [], about: [] });
  });

  it.each(["alias/aws/sns", undefined])("refuses a topic encrypted with %s", async (kmsMasterKeyId) => {
    const stack = broken((whole) => { Object.assign(part(whole, "topic"), { refs: {}, props: { kmsMasterKeyId } }); });
    expect((await judge(topicsCanBePublished, stack)).messages).toEqual([expect.stringContaining("a key of this stack, got none or alias/aws/sns")]);
  });

  it("refuses a topic policy that leaves CloudWatch out", async () => {
    const stack = validStack();
    const policy = (service: string) => JSON.stringify({ Statement: [{ Effect: "Allow", Principal: { Service: service }, Action: "sns:Publish", Resource: "*" }] });
    stack["topic-policy"] = { type: "aws:sns/topicPolicy:TopicPolicy", refs: { arn: ["topic"] }, props: { policy: policy("events.amazonaws.com") } };
    expect((await judge(topicsCanBePublished, stack)).messages).toEqual([expect.stringContaining("Expected the policy of topic to let")]);
    part(stack, "topic-policy").props["policy"] = policy("cloudwatch.amazonaws.com");
    expect((await judge(topicsCanBePublished, stack)).messages).toEqual([]);
  });

  it("leaves a topic alone that no alarm uses", async () => {
    const stack = { ...validStack(), other: { type: "aws:sns/topic:Topic", props: {} } };
    expect((await judge(topicsCanBePublished, stack)).messages).toEqual([]);
  });

  it("doubts a key policy that is unknown", async () => {
    expect(await judge(topicsCanBePublished, changed("topic-key", { policy: UNKNOWN })))
      .toEqual({ messages: [], about: [], doubt: expect.stringContaining(".policy can't be known") as string });
  });
});
