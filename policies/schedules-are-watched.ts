import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import type { StackValidationPolicy } from "@pulumi/policy";
import { referred, referring } from "./internal/edges.ts";
import { startedKinds } from "./internal/backups.ts";
import { demandMatch, entriesOf } from "./internal/plan.ts";

export const schedulesAreWatched: StackValidationPolicy = {
  name: "schedules-are-watched",
  description: "What a schedule could not start ends in a queue, and an alarm looks at that queue.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Set target.deadLetterConfig to a queue of this stack, and an alarm on its ApproximateNumberOfMessagesVisible.",
  validateStack: (args, report) => {
    const { resources } = args;
    const schedules = resources.filter((resource) => resource.isType(Schedule));
    demandMatch(schedules, entriesOf(resources, ...startedKinds, "retention", "evidence"), "a schedule", args, report);
    for (const schedule of schedules) {
      const queues = referred(schedule, Queue, "target");
      if (queues.length === 0) {
        report(`Expected ${schedule.name} to have a dead-letter queue, got none. Set target.deadLetterConfig.`, schedule.urn);
      } else if (!queues.some((queue) => referring(resources, MetricAlarm, "dimensions", queue).length > 0)) {
        report(`Expected an alarm on the dead-letter queue of ${schedule.name}, found none. Make its dimensions of the queue's name.`, schedule.urn);
      }
    }
  },
};
