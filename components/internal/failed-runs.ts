import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import { jsonStringify, type Input, type Resource } from "@pulumi/pulumi";
import { type Scope, tagsOf } from "./scope.ts";

/** The longest that SQS keeps a message. */
const KEEP_SECONDS = 14 * 86_400;

export interface FailedRunsArgs {
  readonly scope: Scope;
  /** Of the queue and the rule in AWS. At most 64 characters. */
  readonly resourceName: string;
  readonly associationId: Input<string>;
}

/** A queue with what State Manager says of an association's runs that failed, for an alarm to count. */
export function failedRuns(name: string, { scope, resourceName, associationId }: FailedRunsArgs, parent: Resource): Queue {
  const tags = tagsOf(scope, "backup");
  const queue = new Queue(name, { name: resourceName, messageRetentionSeconds: KEEP_SECONDS, sqsManagedSseEnabled: true, tags }, { parent });

  const rule = new EventRule(name, {
    name: resourceName,
    description: "Runs of a backup on a host that ended badly",
    eventPattern: jsonStringify({
      source: ["aws.ssm"],
      "detail-type": ["EC2 State Manager Instance Association State Change"],
      // It says Success, Pending, InProgress too; whatever else there is, is no good end.
      detail: { "association-id": [associationId], status: [{ "anything-but": ["Success", "Pending", "InProgress", "Associated"] }] },
    }),
    tags,
  }, { parent });

  const policy = new QueuePolicy(name, {
    queueUrl: queue.url,
    policy: {
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: queue.arn,
        Condition: { ArnEquals: { "aws:SourceArn": rule.arn } },
      }],
    },
  }, { parent });

  new EventTarget(name, { rule: rule.name, arn: queue.arn }, { parent, dependsOn: [policy] });
  return queue;
}
