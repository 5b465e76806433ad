import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { sourceOf } from "./internal/backups.ts";
import { isBelow } from "./internal/components.ts";
import { drillsOf } from "./internal/drills.ts";
import { referred, referring } from "./internal/edges.ts";
import { eachKnown, ifKnown } from "./internal/known.ts";

/** How long no restore was good: what evidence publishes about each source. */
const AGE = "RestoreAgeSeconds";

export const drillsAreWatched: StackValidationPolicy = {
  name: "drills-are-watched",
  description: "Every restore drill of the plan runs on a schedule, and alarms notice when one failed and when no restore was good for too long.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Declare a RestoreDrill for each drill of the plan, with alarms on Upkeep RestoreAgeSeconds and on AWS/States ExecutionsFailed.",
  validateStack: (args, report) => {
    const { resources } = args;
    eachKnown(drillsOf(args, report), (drill) => {
      const tell = (message: string): void => report(message, drill.urn);
      judgeChain(drill, resources, tell);
      judgeAge(sourceOf(drill) ?? "", resources, tell);
    });
  },
};

function judgeChain(drill: PolicyResource, resources: readonly PolicyResource[], report: (message: string) => void): void {
  const schedules = resources.filter((resource) => resource.isType(Schedule) && isBelow(resource, drill));
  const machines = schedules.flatMap((schedule) => referred(schedule, StateMachine, "target"));
  const tasks = machines.flatMap((machine) => referred(machine, TaskDefinition, "definition"));
  const alarms = machines.flatMap((machine) => referring(resources, MetricAlarm, "dimensions", machine));
  const missing = [
    { what: "a schedule", ok: schedules.length > 0 },
    { what: "a state machine that the schedule starts", ok: machines.length > 0 },
    { what: "a task that the state machine runs", ok: tasks.length > 0 },
    { what: "an alarm on the state machine's ExecutionsFailed", ok: alarms.some((alarm) => ifKnown(() => alarm.asType(MetricAlarm)?.metricName) === "ExecutionsFailed") },
  ].find(({ ok }) => !ok);
  if (missing !== undefined) report(`Expected ${drill.name} to have ${missing.what}, found none. Connect them by their outputs.`);
}

function judgeAge(source: string, resources: readonly PolicyResource[], report: (message: string) => void): void {
  const alarms = resources.filter((resource) => ifKnown(() => {
    const alarm = resource.asType(MetricAlarm);
    return alarm?.namespace === "Upkeep" && alarm.metricName === AGE && alarm.dimensions?.["Source"] === source;
  }) === true);
  if (alarms.length === 0) report(`Expected an alarm on ${AGE} of ${source}, found none. Without it nobody notices that drills have ended.`);
  eachKnown(alarms, (resource) => {
    const alarm = resource.asType(MetricAlarm);
    if (alarm?.treatMissingData === "breaching" && alarm.comparisonOperator?.startsWith("GreaterThan") === true) return;
    report(`Expected ${resource.name} to be raised above its threshold and by silence, got ${alarm?.comparisonOperator ?? "nothing"} and ${alarm?.treatMissingData ?? "nothing"}. Use GreaterThanThreshold and breaching.`);
  });
}
