import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { eachKnown, ifKnown } from "./internal/known.ts";
import { demandMatch, entriesOf } from "./internal/plan.ts";

/** Published once by each run that looked at the backups. */
const METRIC = "EvidenceRuns";

export const evidenceIsWatched: StackValidationPolicy = {
  name: "evidence-is-watched",
  description: "Somebody notices when nobody looks at the backups any more.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Add an alarm on Upkeep EvidenceRuns that is raised below its threshold and treats missing data as breaching.",
  validateStack: (args, report) => {
    const { resources } = args;
    const alarms = resources.filter((resource) => resource.isType(MetricAlarm) && ifKnown(() => watchesEvidence(resource)) === true);
    demandMatch(alarms, entriesOf(resources, "evidence"), `an alarm on ${METRIC}`, args, report);
    eachKnown(alarms, (resource) => {
      const alarm = resource.asType(MetricAlarm);
      if (alarm?.treatMissingData !== "breaching") {
        report(`Expected missing data of ${resource.name} to be breaching, got ${alarm?.treatMissingData ?? "nothing"}. Silence is the fault here.`, resource.urn);
      }
      if (!(alarm?.comparisonOperator ?? "").startsWith("LessThan")) {
        report(`Expected ${resource.name} to be raised when runs are missing, got another comparison. Use LessThanThreshold.`, resource.urn);
      }
    });
  },
};

function watchesEvidence(resource: PolicyResource): boolean {
  const alarm = resource.asType(MetricAlarm);
  return alarm?.namespace === "Upkeep" && alarm.metricName === METRIC;
}
