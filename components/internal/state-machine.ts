import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { interpolate, jsonStringify, type Resource } from "@pulumi/pulumi";
import { serviceRole, type Statement } from "./role.ts";
import { type Scope, type TagArea, tagsOf } from "./scope.ts";

export interface StateMachineArgs {
  readonly scope: Scope;
  readonly area: TagArea;
  /** Name of the state machine in AWS. At most 80 characters. */
  readonly stateMachineName: string;
  /** Days that its log is kept. */
  readonly logDays: number;
  readonly statements: readonly Statement[];
  /** What its role ends in. Default: workflow. */
  readonly roleEnding?: string;
  /** In Amazon States Language; Outputs may stand in it. */
  readonly definition: { readonly Comment: string; readonly StartAt: string; readonly States: Readonly<Record<string, object>> };
}

/** A state machine that only does what its statements say, and whose log holds each step, but nothing of what is in them. */
export function stateMachine(name: string, args: StateMachineArgs, parent: Resource): StateMachine {
  const { scope, area, stateMachineName, roleEnding = "workflow" } = args;
  const tags = tagsOf(scope, area);

  const logs = new LogGroup(`${name}-workflow`, {
    name: `/aws/vendedlogs/states/${stateMachineName}`, retentionInDays: args.logDays, tags,
  }, { parent });

  const { role, policy } = serviceRole(`${name}-${roleEnding}`, {
    scope, area, service: "states.amazonaws.com", statements: [...args.statements, logDelivery],
  }, parent);

  return new StateMachine(name, {
    name: stateMachineName,
    roleArn: role.arn,
    definition: jsonStringify(args.definition),
    loggingConfiguration: { level: "ALL", includeExecutionData: false, logDestination: interpolate`${logs.arn}:*` },
    tags,
  }, { parent, dependsOn: [policy] });
}

/** Step Functions writes its log through a delivery of the account's; AWS lets no resource be named for these. */
const logDelivery: Statement = {
  actions: [
    "logs:CreateLogDelivery", "logs:GetLogDelivery", "logs:UpdateLogDelivery", "logs:DeleteLogDelivery", "logs:ListLogDeliveries",
    "logs:PutResourcePolicy", "logs:DescribeResourcePolicies", "logs:DescribeLogGroups",
  ],
  resources: ["*"],
};
