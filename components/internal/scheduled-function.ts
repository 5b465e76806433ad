import type { Input, Output, Resource } from "@pulumi/pulumi";
import type { Schedule } from "../../practice/config/words/schedule.ts";
import type { Grant } from "../../practice/contract/permissions.ts";
import type { FunctionShape } from "../../practice/plan/entries.ts";
import type { HandlerName } from "./bundle.ts";
import { type GrantTargets, statementsOf } from "./grants.ts";
import { handlerFunction } from "./handler-function.ts";
import { scheduledCall } from "./schedule.ts";
import type { Scope, TagArea } from "./scope.ts";

export interface ScheduledFunctionArgs {
  readonly scope: Scope;
  readonly area: TagArea;
  readonly handler: HandlerName;
  /** Name of the function, schedule and queue in AWS. */
  readonly resourceName: string;
  readonly when: Schedule;
  readonly shape: FunctionShape;
  readonly grants: readonly Grant[];
  readonly targets: GrantTargets;
  readonly environment: Readonly<Record<string, Input<string>>>;
}

/** The outside of such a function: what alarms look at. */
export interface ScheduledFunction {
  readonly functionName: Output<string>;
  readonly undeliveredQueueName: Output<string>;
}

/** A function that a schedule calls directly. A lost call is made up for by the next one, so it is repeated only twice. */
export function scheduledFunction(name: string, args: ScheduledFunctionArgs, parent: Resource): ScheduledFunction {
  const { scope, area, resourceName } = args;
  const lambda = handlerFunction(name, {
    scope, area, handler: args.handler, functionName: resourceName,
    memoryMegabytes: args.shape.memoryMegabytes, timeoutSeconds: args.shape.timeoutSeconds, logDays: args.shape.logDays,
    environment: args.environment, statements: statementsOf(args.grants, args.targets),
  }, parent);

  const { undelivered } = scheduledCall(name, {
    scope, area, scheduleName: resourceName, when: args.when, target: { arn: lambda.arn, action: "lambda:InvokeFunction" }, retries: 2,
  }, parent);
  return { functionName: lambda.name, undeliveredQueueName: undelivered.name };
}
