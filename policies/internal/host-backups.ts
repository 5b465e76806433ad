import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Policy } from "@pulumi/aws/iam/policy.js";
import { RolePolicyAttachment } from "@pulumi/aws/iam/rolePolicyAttachment.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { QueuePolicy } from "@pulumi/aws/sqs/queuePolicy.js";
import { Association } from "@pulumi/aws/ssm/association.js";
import { Document } from "@pulumi/aws/ssm/document.js";
import type { PolicyResource } from "@pulumi/policy";
import { componentTypes, isBelow } from "./components.ts";
import { allows, listOf, statementsOf } from "./documents.ts";
import { referred, referring } from "./edges.ts";
import { ifKnown } from "./known.ts";
import { backupStores } from "./stores.ts";

/** A backup that a machine makes of itself. */
export const isHostBackup = ({ type }: PolicyResource): boolean => type === componentTypes.hostBackup;

/** A link of its chain, and whether it is there. */
export interface Link {
  readonly what: string;
  readonly ok: boolean;
}

export const missingLink = (links: readonly Link[]): string | undefined => links.find(({ ok }) => !ok)?.what;

/** What asks a machine, on which machine, what runs there, where that writes to, and what lets it. */
export function hostChain(backup: PolicyResource, resources: readonly PolicyResource[]): readonly Link[] {
  const associations = resources.filter((resource) => resource.isType(Association) && isBelow(resource, backup));
  const scheduled = associations.filter((association) => ifKnown(() => association.asType(Association)?.scheduleExpression) !== undefined);
  const aimed = scheduled.filter((association) => (association.asType(Association)?.targets ?? []).length > 0);
  const documents = aimed.flatMap((association) => referred(association, Document, "name"));
  const stores = backupStores(resources);
  const isStore = ({ urn }: PolicyResource): boolean => stores.some((store) => store.urn === urn);
  // An attachment names its policy by an ARN that is known before there is one: what it waits for tells which.
  const policies = aimed.flatMap((association) => referred(association, RolePolicyAttachment)).flatMap((attachment) => referred(attachment, Policy));
  return [
    { what: "an association with a schedule", ok: scheduled.length > 0 },
    { what: "a machine on which the association runs", ok: aimed.length > 0 },
    { what: "a document that the association runs", ok: documents.length > 0 },
    { what: "a backup store that the document writes to", ok: documents.some(({ propertyDependencies }) => (propertyDependencies["content"] ?? []).some(isStore)) },
    { what: "a policy at the machine's role, for which the association waits", ok: policies.length > 0 },
    { what: "a policy that lets the machine put objects into the backup store", ok: policies.some((policy) => letsPut(policy) && (policy.propertyDependencies["policy"] ?? []).some(isStore)) },
  ];
}

const letsPut = (policy: PolicyResource): boolean => statementsOf(policy.asType(Policy)?.policy)
  .some(({ Effect, Action }) => Effect === "Allow" && listOf(Action).includes("s3:PutObject"));

/** State Manager tells a rule of a run that failed, the rule a queue, and an alarm counts what comes into it. */
export function failureChain(backup: PolicyResource, resources: readonly PolicyResource[]): readonly Link[] {
  const rules = resources.filter((resource) => resource.isType(EventRule) && isBelow(resource, backup) && referred(resource, Association, "eventPattern").length > 0);
  const queues = rules.flatMap((rule) => referring(resources, EventTarget, "rule", rule)).flatMap((target) => referred(target, Queue, "arn"));
  const open = queues.filter((queue) => referring(resources, QueuePolicy, "queueUrl", queue).some(letsEventsIn));
  const counts = open.flatMap((queue) => referring(resources, MetricAlarm, "dimensions", queue))
    .some((alarm) => ifKnown(() => alarm.asType(MetricAlarm)?.metricName) === "NumberOfMessagesSent");
  return [
    { what: "a rule that hears from State Manager of the association's failed runs", ok: rules.length > 0 },
    { what: "a queue that the rule sends them to", ok: queues.length > 0 },
    { what: "a policy of that queue that lets events.amazonaws.com send", ok: open.length > 0 },
    { what: "an alarm on NumberOfMessagesSent of that queue", ok: counts },
  ];
}

const letsEventsIn = (policy: PolicyResource): boolean => statementsOf(policy.asType(QueuePolicy)?.policy)
  .some((statement) => allows(statement, "events.amazonaws.com", "sqs:SendMessage"));
