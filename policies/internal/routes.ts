import { CompositeAlarm } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Topic } from "@pulumi/aws/sns/topic.js";
import type { PolicyResource } from "@pulumi/policy";
import { referred, referring } from "./edges.ts";
import { ifKnown } from "./known.ts";

export const isAlarm = (resource: PolicyResource): boolean => resource.isType(MetricAlarm) || resource.isType(CompositeAlarm);

export const topicsOf = (alarm: PolicyResource): readonly PolicyResource[] => referred(alarm, Topic, "alarmActions");

/** Composite alarms that are raised because this one is. Being named behind NOT means the opposite. */
export function compositesOf(alarm: PolicyResource, resources: readonly PolicyResource[]): readonly PolicyResource[] {
  return referring(resources, CompositeAlarm, "alarmRule", alarm).filter((composite) => {
    const rule = ifKnown(() => composite.asType(CompositeAlarm)?.alarmRule);
    const name = ifKnown(() => nameOf(alarm));
    return rule === undefined || name === undefined || namedAsCause(rule, name);
  });
}

/** The edge is there anyway; where rule and name are both known, the rule must also say it the right way round. */
function namedAsCause(rule: string, name: string): boolean {
  const escaped = name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
  const mention = new RegExp(String.raw`(NOT\s*\(?\s*)?ALARM\(\s*["']?(?:arn:[^"')]*:alarm:)?${escaped}["']?\s*\)`, "g");
  return [...rule.matchAll(mention)].some(([, negated]) => negated === undefined);
}

const nameOf = (alarm: PolicyResource): string | undefined => {
  const metric = alarm.asType(MetricAlarm);
  return metric === undefined ? alarm.asType(CompositeAlarm)?.alarmName : metric.name;
};
