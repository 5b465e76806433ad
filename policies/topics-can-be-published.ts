import { Key } from "@pulumi/aws/kms/key.js";
import { KeyPolicy } from "@pulumi/aws/kms/keyPolicy.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { allows, type Statement, statementsOf } from "./internal/documents.ts";
import { referred, referring } from "./internal/edges.ts";
import { eachKnown, judgeApart } from "./internal/known.ts";
import { demandMatch, entriesOf } from "./internal/plan.ts";
import { isAlarm, topicsOf } from "./internal/routes.ts";

const CLOUDWATCH = "cloudwatch.amazonaws.com";

export const topicsCanBePublished: StackValidationPolicy = {
  name: "topics-can-be-published",
  description: "CloudWatch can publish to every topic of an alarm: where it cannot, alarms are raised and nobody is told.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Encrypt the topic with a key of this stack whose policy lets cloudwatch.amazonaws.com decrypt and generate data keys.",
  validateStack: (args, report) => {
    const { resources } = args;
    const topics = [...new Map(resources.filter(isAlarm).flatMap(topicsOf).map((topic) => [topic.urn, topic])).values()];
    const paged = entriesOf(resources, "alert").filter(({ pagedBy }) => pagedBy === "aws");
    demandMatch(topics, paged, "a topic", args, report);

    eachKnown(topics, (topic) => {
      const tell = (message: string): void => report(message, topic.urn);
      judgeApart([() => judgeKey(topic, resources, tell), () => judgeTopicPolicy(topic, resources, tell)]);
    });
  },
};

function judgeKey(topic: PolicyResource, resources: readonly PolicyResource[], report: (message: string) => void): void {
  const keys = referred(topic, Key, "kmsMasterKeyId");
  if (keys.length === 0) {
    // Amazon's own key for SNS has a policy that nobody can change, and it leaves CloudWatch out.
    report(`Expected ${topic.name} to be encrypted with a key of this stack, got none or alias/aws/sns. Set kmsMasterKeyId.`);
  }
  eachKnown(keys, (key) => {
    const statements = keyStatements(key, resources);
    const decrypts = statements.some((statement) => allows(statement, CLOUDWATCH, "kms:Decrypt"));
    const generates = statements.some((statement) =>
      allows(statement, CLOUDWATCH, "kms:GenerateDataKey*") || allows(statement, CLOUDWATCH, "kms:GenerateDataKey"));
    if (!decrypts || !generates) {
      report(`Expected the key ${key.name} of ${topic.name} to let ${CLOUDWATCH} decrypt and generate data keys, got a policy that does not. Add the statement.`);
    }
  });
}

/** A policy declared apart from its key replaces the key's own. */
function keyStatements(key: PolicyResource, resources: readonly PolicyResource[]): readonly Statement[] {
  const apart = referring(resources, KeyPolicy, "keyId", key);
  return apart.length === 0
    ? statementsOf(key.asType(Key)?.policy)
    : apart.flatMap((policy) => statementsOf(policy.asType(KeyPolicy)?.policy));
}

/** Without a policy of its own a topic takes what its account publishes; with one, only what that names. */
function judgeTopicPolicy(topic: PolicyResource, resources: readonly PolicyResource[], report: (message: string) => void): void {
  const policies = referring(resources, TopicPolicy, "arn", topic);
  const statements = policies.flatMap((policy) => statementsOf(policy.asType(TopicPolicy)?.policy));
  if (policies.length > 0 && !statements.some((statement) => allows(statement, CLOUDWATCH, "sns:Publish"))) {
    report(`Expected the policy of ${topic.name} to let ${CLOUDWATCH} publish, got one that does not. Add the statement.`);
  }
}
