import { Key } from "@pulumi/aws/kms/key.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import { describe, expect, it } from "vitest";
import { AlertRouting } from "../../components/alert-routing.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import type { Settings } from "../../practice/config/settings.ts";
import { entryOf, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";

const routing = (parts: Partial<Settings> = {}) => {
  const plan = planFor(parts);
  return previewed(() => new AlertRouting("campus-routing", { scope: scopeOf(plan), entry: entryOf(plan, "routing") }));
};

describe("AlertRouting", () => {
  it("has one encrypted topic per severity", async () => {
    const { byType, byName } = await routing();
    expect(byType(Topic).map(({ inputs }) => inputs.name)).toEqual(["campus-test-P0", "campus-test-P1", "campus-test-P2", "campus-test-P3"]);
    for (const topic of byType(Topic)) expect(topic.propertyDependencies.kmsMasterKeyId).toEqual([byName("campus-routing", Key).urn]);
  });

  it("lets CloudWatch use the key", async () => {
    const { inputs } = (await routing()).byName("campus-routing", Key);
    const policy = JSON.parse(inputs.policy as string) as { Statement: readonly object[] };
    expect(policy.Statement).toContainEqual({
      Sid: "AlarmsMayPublish", Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" },
      Action: ["kms:GenerateDataKey*", "kms:Decrypt"], Resource: "*",
    });
    expect(policy.Statement).toContainEqual(expect.objectContaining({ Principal: { AWS: "arn:aws:iam::123456789012:root" } }));
  });

  it("subscribes each channel under the channel's name", async () => {
    const subscriptions = (await routing()).byType(TopicSubscription);
    expect(subscriptions.map(({ name, inputs }) => [name, inputs.protocol, inputs.endpoint])).toEqual([
      ["campus-routing-p0-oncall", "email", "oncall@campus.example"],
      ["campus-routing-p0-desk", "https", "https://alerts.campus.example/upkeep"],
      ["campus-routing-p1-oncall", "email", "oncall@campus.example"],
      ["campus-routing-p2-desk", "https", "https://alerts.campus.example/upkeep"],
      ["campus-routing-p3-desk", "https", "https://alerts.campus.example/upkeep"],
    ]);
  });
});
