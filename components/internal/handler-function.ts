import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { FunctionEventInvokeConfig } from "@pulumi/aws/lambda/functionEventInvokeConfig.js";
import { interpolate, type Input, type Resource } from "@pulumi/pulumi";
import type { FunctionShape } from "../../practice/plan/entries.ts";
import { bundleOf, type HandlerName } from "./bundle.ts";
import { serviceRole, type Statement } from "./role.ts";
import { type Scope, type TagArea, tagsOf } from "./scope.ts";

/** The newest Node.js that Lambda offers; it is supported until 2028-04-30 (AWS runtime policy). */
const RUNTIME = "nodejs24.x";

export interface HandlerFunctionArgs extends FunctionShape {
  readonly scope: Scope;
  readonly area: TagArea;
  readonly handler: HandlerName;
  /** Name of the function in AWS. At most 64 characters. */
  readonly functionName: string;
  readonly environment: Readonly<Record<string, Input<string>>>;
  readonly statements: readonly Statement[];
  readonly layers?: readonly Input<string>[];
  /** Where the function runs, if it must reach something private. */
  readonly vpc?: { readonly subnetIds: Input<Input<string>[]>; readonly securityGroupId: Input<string> };
}

/** A function that only does what its grants say, and whose log group exists before it writes its first line. */
export function handlerFunction(name: string, args: HandlerFunctionArgs, parent: Resource): LambdaFunction {
  const { scope, area, functionName, vpc } = args;
  const tags = tagsOf(scope, area);

  // Lambda would create the group by itself at the first line, for ever and without an owner.
  const logs = new LogGroup(name, { name: `/aws/lambda/${functionName}`, retentionInDays: args.logDays, tags }, { parent });

  const { role, policy } = serviceRole(name, {
    scope,
    area,
    service: "lambda.amazonaws.com",
    statements: [
      ...args.statements,
      { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [interpolate`${logs.arn}:*`] },
      ...(vpc === undefined ? [] : [networkInterfaces]),
    ],
  }, parent);

  const lambda = new LambdaFunction(name, {
    name: functionName,
    runtime: RUNTIME,
    architectures: ["x86_64"],
    handler: "index.handler",
    code: bundleOf(args.handler),
    role: role.arn,
    memorySize: args.memoryMegabytes,
    timeout: args.timeoutSeconds,
    environment: { variables: args.environment },
    layers: [...(args.layers ?? [])],
    loggingConfig: { logFormat: "JSON", logGroup: logs.name },
    ...(vpc === undefined ? {} : { vpcConfig: { subnetIds: vpc.subnetIds, securityGroupIds: [vpc.securityGroupId] } }),
    tags,
  }, { parent, dependsOn: [policy] });

  // Whoever starts it asynchronously repeats by its own rules; Lambda's two silent repeats would overlap with them.
  new FunctionEventInvokeConfig(name, { functionName: lambda.name, maximumRetryAttempts: 0 }, { parent });
  return lambda;
}

/** Lambda attaches a function to subnets through interfaces whose ids exist only afterwards: AWS lets none of these be named. */
const networkInterfaces: Statement = {
  actions: [
    "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
    "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
  ],
  resources: ["*"],
};
