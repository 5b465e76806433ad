import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import { TopicPolicy } from "@pulumi/aws/sns/topicPolicy.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import { ComponentResource, jsonStringify, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Severity } from "../practice/config/settings.ts";
import type { Route, RoutingEntry } from "../practice/plan/entries.ts";
import { scopeName } from "../practice/contract/names.ts";
import { arn } from "./internal/arn.ts";
import { type Scope, tagsOf } from "./internal/scope.ts";

export interface AlertRoutingArgs {
  readonly scope: Scope;
  readonly entry: RoutingEntry;
}

/** One encrypted topic per severity, and the people and systems that listen to it. */
export class AlertRouting extends ComponentResource {
  static readonly type = "upkeep:routing:AlertRouting";

  /** Topic of each severity that has a route. */
  readonly topicArns: Readonly<Partial<Record<Severity, Output<string>>>>;

  constructor(name: string, { scope, entry }: AlertRoutingArgs, opts?: ComponentResourceOptions) {
    super(AlertRouting.type, name, { entry }, opts);
    const key = this.key(name, scope, entry);
    this.topicArns = Object.fromEntries(entry.routes.map((route) => [route.severity, this.topic(name, scope, route, key)]));
    this.registerOutputs({ topicArns: this.topicArns });
  }

  /** AWS's own key (alias/aws/sns) cannot be opened for CloudWatch: alarms would be sent to nobody, without an error. */
  private key(name: string, scope: Scope, { keyWindowDays }: RoutingEntry): Key {
    const key = new Key(name, {
      description: `Alerts of ${scope.system.name} (${scope.stack})`,
      enableKeyRotation: true,
      deletionWindowInDays: keyWindowDays,
      policy: jsonStringify({
        Version: "2012-10-17",
        Statement: [
          // In a key policy `*` is this key; without the account's own statement nobody could change it any more.
          { Sid: "Account", Effect: "Allow", Principal: { AWS: rootOf(scope) }, Action: "kms:*", Resource: "*" },
          // No condition on the caller: where CloudWatch does not name it to KMS, every alarm would be lost without a trace.
          // Who may publish at all is decided by the topic's policy.
          {
            Sid: "AlarmsMayPublish", Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" },
            Action: ["kms:GenerateDataKey*", "kms:Decrypt"], Resource: "*",
          },
        ],
      }),
      tags: tagsOf(scope, "routing"),
    }, { parent: this });
    new Alias(name, { name: `alias/${scopeName(scope)}-alerts`, targetKeyId: key.keyId }, { parent: this });
    return key;
  }

  private topic(name: string, scope: Scope, { severity, to }: Route, key: Key): Output<string> {
    const role = `${name}-${severity.toLowerCase()}`;
    const topic = new Topic(role, {
      name: `${scopeName(scope)}-${severity}`, displayName: `${scope.system.name} ${severity}`, kmsMasterKeyId: key.arn, tags: tagsOf(scope, "routing"),
    }, { parent: this });

    new TopicPolicy(role, {
      arn: topic.arn,
      // An object, not JSON text: what is known of it stays readable in a preview.
      policy: {
        Version: "2012-10-17",
        Statement: [{
          Sid: "AlarmsMayPublish", Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" },
          Action: "sns:Publish", Resource: topic.arn, Condition: { StringEquals: { "aws:SourceAccount": scope.account } },
        }],
      },
    }, { parent: this });

    for (const { channel, protocol, endpoint } of to) {
      // Named by channel, not by place in the list: who is added or taken away moves nobody else.
      new TopicSubscription(`${role}-${channel}`, { topic: topic.arn, protocol, endpoint }, { parent: this });
    }
    return topic.arn;
  }
}

const rootOf = (scope: Scope): Output<string> => arn({ ...scope, region: "" }, "iam", "root");
