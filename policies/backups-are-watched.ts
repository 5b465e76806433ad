import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { backupKinds, backupsOf, sourceOf } from "./internal/backups.ts";
import { isBelow } from "./internal/components.ts";
import { referring } from "./internal/edges.ts";
import { failureChain, isHostBackup, missingLink } from "./internal/host-backups.ts";
import { eachKnown, ifKnown } from "./internal/known.ts";
import { demandMatch, entriesOf } from "./internal/plan.ts";

/** What the evidence function publishes about each source. */
const age = { namespace: "Upkeep", metricName: "BackupAgeSeconds", dimension: "Source" } as const;

/** CloudWatch looks back no further; a longer window never alarms. */
const LONGEST_WINDOW_SECONDS = 7 * 86_400;

export const backupsAreWatched: StackValidationPolicy = {
  name: "backups-are-watched",
  description: "Every backup has an alarm on the age of its newest copy and one on failed runs: only the first notices what never started.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Add an alarm on Upkeep BackupAgeSeconds with missing data breaching, and one on AWS/States ExecutionsFailed.",
  validateStack: (args, report) => {
    const { resources } = args;
    const backups = backupsOf(resources);
    demandMatch(backups, entriesOf(resources, ...backupKinds), "a backup", args, report);
    const alarms = resources.filter((resource) => resource.isType(MetricAlarm));
    eachKnown(backups, (backup) => {
      const tell = (message: string): void => report(message, backup.urn);
      judgeAge(backup, alarms, tell);
      judgeFailure(backup, resources, tell);
    });
  },
};

function judgeAge(backup: PolicyResource, alarms: readonly PolicyResource[], report: (message: string) => void): void {
  const source = sourceOf(backup) ?? "";
  const fresh = alarms.filter((alarm) => ifKnown(() => measuresAge(alarm, source)) === true);
  if (fresh.length === 0) {
    report(`Expected an alarm on ${age.metricName} of ${source}, found none. Without it nobody notices a backup that never started.`);
  }
  eachKnown(fresh, (resource) => {
    const alarm = resource.asType(MetricAlarm);
    if (alarm?.treatMissingData !== "breaching") {
      report(`Expected missing data of ${resource.name} to be breaching, got ${alarm?.treatMissingData ?? "nothing"}. Silence is the fault here.`);
    }
    const comparison = alarm?.comparisonOperator ?? "nothing";
    if (!comparison.startsWith("GreaterThan")) {
      report(`Expected ${resource.name} to be raised above its threshold, got ${comparison}. Use GreaterThanThreshold.`);
    }
    if ((alarm?.period ?? 0) * (alarm?.evaluationPeriods ?? 0) > LONGEST_WINDOW_SECONDS) {
      report(`Expected ${resource.name} to look back at most 7 days, got more. Shorten period or evaluationPeriods.`);
    }
  });
}

function measuresAge(resource: PolicyResource, source: string): boolean {
  const alarm = resource.asType(MetricAlarm);
  return alarm?.namespace === age.namespace && alarm.metricName === age.metricName && alarm.dimensions?.[age.dimension] === source;
}

function judgeFailure(backup: PolicyResource, resources: readonly PolicyResource[], report: (message: string) => void): void {
  if (isHostBackup(backup)) {
    const missing = missingLink(failureChain(backup, resources));
    if (missing !== undefined) report(`Expected ${backup.name} to have ${missing}, found none. Let a rule send what State Manager says of its association into a queue, and count what comes in.`);
    return;
  }
  const machines = resources.filter((resource) => resource.isType(StateMachine) && isBelow(resource, backup));
  const alarms = machines.flatMap((machine) => referring(resources, MetricAlarm, "dimensions", machine));
  if (!alarms.some((alarm) => ifKnown(() => alarm.asType(MetricAlarm)?.metricName) === "ExecutionsFailed")) {
    report(`Expected an alarm on ExecutionsFailed of the state machine of ${backup.name}, found none. Make its dimensions of the machine's ARN.`);
  }
}
