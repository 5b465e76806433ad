import { CompositeAlarm } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { TopicSubscription } from "@pulumi/aws/sns/topicSubscription.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { referring } from "./internal/edges.ts";
import { eachKnown } from "./internal/known.ts";
import { demandMatch, entriesOf } from "./internal/plan.ts";
import { compositesOf, isAlarm, topicsOf } from "./internal/routes.ts";

export const alarmsReachPeople: StackValidationPolicy = {
  name: "alarms-reach-people",
  description: "Every alarm tells somebody: itself, or through the composite alarm that it raises.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Give the alarm a topic with a subscription, or name it in the rule of a composite alarm that has one.",
  validateStack: (args, report) => {
    const { resources } = args;
    const alarms = resources.filter(isAlarm);
    const paged = entriesOf(resources, "alert").filter(({ pagedBy }) => pagedBy === "aws");
    demandMatch(alarms, paged, "an alarm", args, report);

    eachKnown(alarms, (alarm) => {
      const complaint = complaintAbout(alarm, resources);
      if (complaint !== undefined) report(complaint, alarm.urn);
    });
  },
};

function complaintAbout(alarm: PolicyResource, resources: readonly PolicyResource[]): string | undefined {
  const topics = topicsOf(alarm);
  if (topics.length === 0) {
    if (compositesOf(alarm, resources).some((composite) => topicsOf(composite).length > 0)) return undefined;
    return `Expected ${alarm.name} to tell somebody, got neither an action nor a composite alarm with one that it raises. Set alarmActions to a topic.`;
  }
  const silent = topics.find((topic) => referring(resources, TopicSubscription, "topic", topic).length === 0);
  if (silent !== undefined) {
    return `Expected somebody to listen to the topic ${silent.name} of ${alarm.name}, found no subscription. Add one.`;
  }
  if ((alarm.asType(MetricAlarm) ?? alarm.asType(CompositeAlarm))?.actionsEnabled === false) {
    return `Expected ${alarm.name} to act, got actionsEnabled: false. Remove it and mute the alarm for a time instead.`;
  }
  return undefined;
}
