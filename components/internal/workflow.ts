import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import type { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { interpolate, jsonStringify, type Resource } from "@pulumi/pulumi";
import type { BackupEntry } from "../../practice/plan/entries.ts";
import { serviceRole } from "./role.ts";
import { type Scope, tagsOf } from "./scope.ts";

/** A function that ended at its own limit has its answer there by then. */
const ANSWER_SECONDS = 30;

export interface BackupWorkflowArgs {
  readonly scope: Scope;
  /** Name of the state machine in AWS. At most 80 characters. */
  readonly stateMachineName: string;
  readonly backup: LambdaFunction;
  readonly entry: Pick<BackupEntry, "timeoutSeconds" | "retryAfterSeconds" | "logDays">;
}

/** One run of a backup as a Step Functions execution: its history is the first thing to read when it failed. */
export function backupWorkflow(name: string, args: BackupWorkflowArgs, parent: Resource): StateMachine {
  const { scope, stateMachineName, backup, entry } = args;
  const tags = tagsOf(scope, "backup");

  const logs = new LogGroup(`${name}-workflow`, {
    name: `/aws/vendedlogs/states/${stateMachineName}`, retentionInDays: entry.logDays, tags,
  }, { parent });

  const { role, policy } = serviceRole(`${name}-workflow`, {
    scope,
    area: "backup",
    service: "states.amazonaws.com",
    statements: [{ actions: ["lambda:InvokeFunction"], resources: [backup.arn] }, logDelivery],
  }, parent);

  return new StateMachine(name, {
    name: stateMachineName,
    roleArn: role.arn,
    definition: jsonStringify({
      Comment: "Dump, store, manifest. A second delivery of the same run changes nothing.",
      StartAt: "Backup",
      States: {
        Backup: {
          Type: "Task",
          Resource: `arn:${scope.partition}:states:::lambda:invoke`,
          Parameters: { FunctionName: backup.arn, "Payload.$": "$" },
          OutputPath: "$.Payload",
          // On the state, not on the machine: so a timeout is a failed execution, and one alarm sees both.
          TimeoutSeconds: entry.timeoutSeconds + ANSWER_SECONDS,
          Retry: [
            { ErrorEquals: ["Lambda.ServiceException", "Lambda.SdkClientException", "Lambda.TooManyRequestsException"], IntervalSeconds: 10, MaxAttempts: 4, BackoffRate: 2 },
            { ErrorEquals: ["States.ALL"], IntervalSeconds: entry.retryAfterSeconds, MaxAttempts: 1 },
          ],
          End: true,
        },
      },
    }),
    loggingConfiguration: { level: "ALL", includeExecutionData: false, logDestination: interpolate`${logs.arn}:*` },
    tags,
  }, { parent, dependsOn: [policy] });
}

/** Step Functions writes its log through a delivery of the account's; AWS lets no resource be named for these. */
const logDelivery = {
  actions: [
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
    "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
  ],
  resources: ["*"],
} as const;
