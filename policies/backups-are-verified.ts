import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { backupKinds, backupsOf, sourceOf } from "./internal/backups.ts";
import { componentsOf, componentTypes, isBelow } from "./internal/components.ts";
import { referred, referring } from "./internal/edges.ts";
import { eachKnown, ifKnown } from "./internal/known.ts";
import { demandMatch, entriesOf } from "./internal/plan.ts";
import { backupStores } from "./internal/stores.ts";

/** How long no check was good: of the store's checksums, and of a dump read whole. */
const ages = ["ChecksumsAgeSeconds", "DecodeAgeSeconds"] as const;

export const backupsAreVerified: StackValidationPolicy = {
  name: "backups-are-verified",
  description: "Every backup is checked on schedule by a function that reads its store, and alarms notice when no check was good for too long.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Declare a Verification for each source that is backed up, and alarms on its ages and errors.",
  validateStack: (args, report) => {
    const { resources } = args;
    const backups = backupsOf(resources);
    demandMatch(backups, entriesOf(resources, ...backupKinds), "a backup", args, report);
    const verifications = componentsOf(resources, componentTypes.verification);
    eachKnown(backups, (backup) => {
      const source = sourceOf(backup) ?? "";
      const tell = (message: string): void => report(message, backup.urn);
      const own = verifications.filter((verification) => ifKnown(() => sourceOf(verification)) === source);
      if (own.length === 0) tell(`Expected checks of the backups of ${source}, found none. A backup that nobody reads is a hope: declare a Verification.`);
      for (const verification of own) judgeChain(verification, resources, tell);
      for (const metricName of ages) judgeAge(metricName, source, resources, tell);
    });
  },
};

function judgeChain(verification: PolicyResource, resources: readonly PolicyResource[], report: (message: string) => void): void {
  const schedules = resources.filter((resource) => resource.isType(Schedule) && isBelow(resource, verification));
  const functions = schedules.flatMap((schedule) => referred(schedule, LambdaFunction, "target"));
  const stores = backupStores(resources);
  const reads = functions.some(({ dependencies }) => dependencies.some(({ urn }) => stores.some((store) => store.urn === urn)));
  const fails = functions.flatMap((checker) => referring(resources, MetricAlarm, "dimensions", checker));
  const missing = [
    { what: "a schedule", ok: schedules.length > 0 },
    { what: "a function that the schedule calls", ok: functions.length > 0 },
    { what: "a backup store that the function reads", ok: reads },
    { what: "an alarm on the function's Errors", ok: fails.some((alarm) => ifKnown(() => alarm.asType(MetricAlarm)?.metricName) === "Errors") },
  ].find(({ ok }) => !ok);
  if (missing !== undefined) report(`Expected ${verification.name} to have ${missing.what}, found none. Connect them by their outputs.`);
}

function judgeAge(metricName: string, source: string, resources: readonly PolicyResource[], report: (message: string) => void): void {
  const alarms = resources.filter((resource) => ifKnown(() => {
    const alarm = resource.asType(MetricAlarm);
    return alarm?.namespace === "Upkeep" && alarm.metricName === metricName && alarm.dimensions?.["Source"] === source;
  }) === true);
  if (alarms.length === 0) report(`Expected an alarm on ${metricName} of ${source}, found none. Without it nobody notices that checks have ended.`);
  eachKnown(alarms, (resource) => {
    const alarm = resource.asType(MetricAlarm);
    if (alarm?.treatMissingData === "breaching" && alarm.comparisonOperator?.startsWith("GreaterThan") === true) return;
    report(`Expected ${resource.name} to be raised above its threshold and by silence, got ${alarm?.comparisonOperator ?? "nothing"} and ${alarm?.treatMissingData ?? "nothing"}. Use GreaterThanThreshold and breaching.`);
  });
}
