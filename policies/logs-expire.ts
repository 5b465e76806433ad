import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { type ResourceValidationPolicy, validateResourceOfType } from "@pulumi/policy";

export const logsExpire: ResourceValidationPolicy = {
  name: "logs-expire",
  description: "Every log group says for how many days it keeps its lines.",
  enforcementLevel: "mandatory",
  severity: "low",
  remediationSteps: "Set retentionInDays.",
  validateResource: validateResourceOfType(LogGroup, ({ retentionInDays }, { name }, report) => {
    // 0 means for ever.
    if ((retentionInDays ?? 0) === 0) report(`Expected ${name} to keep its lines for some days, got for ever. Set retentionInDays.`);
  }),
};
