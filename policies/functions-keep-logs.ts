import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import type { StackValidationPolicy } from "@pulumi/policy";
import { referred } from "./internal/edges.ts";
import { backupKinds } from "./internal/backups.ts";
import { demandMatch, entriesOf } from "./internal/plan.ts";

export const functionsKeepLogs: StackValidationPolicy = {
  name: "functions-keep-logs",
  description: "Every function writes to a log group that exists before it: one that Lambda makes keeps everything for ever.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Create the log group and hand its name to loggingConfig.logGroup.",
  validateStack: (args, report) => {
    const { resources } = args;
    const functions = resources.filter((resource) => resource.isType(LambdaFunction));
    demandMatch(functions, entriesOf(resources, ...backupKinds, "retention", "evidence"), "a function", args, report);
    for (const { name, urn } of functions.filter((resource) => referred(resource, LogGroup).length === 0)) {
      report(`Expected ${name} to write to a log group of this stack, got none. Set loggingConfig.logGroup to its name.`, urn);
    }
  },
};
