import { EventRule } from "@pulumi/aws/cloudwatch/eventRule.js";
import { EventTarget } from "@pulumi/aws/cloudwatch/eventTarget.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { Association } from "@pulumi/aws/ssm/association.js";
import { Document } from "@pulumi/aws/ssm/document.js";
import type { PolicyResource } from "@pulumi/policy";
import { componentTypes, isBelow } from "./components.ts";
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

export function hostChain(backup: PolicyResource, resources: readonly PolicyResource[]): readonly Link[] {
  const associations = resources.filter((resource) => resource.isType(Association) && isBelow(resource, backup));
  const documents = associations.flatMap((association) => referred(association, Document, "name"));
  const stores = backupStores(resources);
  const writes = documents.some(({ dependencies }) => dependencies.some(({ urn }) => stores.some((store) => store.urn === urn)));
  return [
    { what: "an association with a schedule", ok: associations.some((association) => ifKnown(() => association.asType(Association)?.scheduleExpression) !== undefined) },
    { what: "a document that the association runs", ok: documents.length > 0 },
    { what: "a backup store that the document writes to", ok: writes },
  ];
}

/** State Manager tells a rule of a run that failed, the rule a queue, and an alarm counts what comes into it. */
export function hasFailureAlarm(backup: PolicyResource, resources: readonly PolicyResource[]): boolean {
  const rules = resources.filter((resource) => resource.isType(EventRule) && isBelow(resource, backup) && referred(resource, Association, "eventPattern").length > 0);
  const queues = rules.flatMap((rule) => referring(resources, EventTarget, "rule", rule)).flatMap((target) => referred(target, Queue, "arn"));
  return queues.flatMap((queue) => referring(resources, MetricAlarm, "dimensions", queue))
    .some((alarm) => ifKnown(() => alarm.asType(MetricAlarm)?.metricName) === "NumberOfMessagesSent");
}
