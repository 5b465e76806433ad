import type { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { Queue } from "@pulumi/aws/sqs/queue.js";
import type { Input, Resource } from "@pulumi/pulumi";
import { backupEnvironment } from "../../practice/contract/environment.ts";
import type { Grant } from "../../practice/contract/permissions.ts";
import type { BackupEntry } from "../../practice/plan/entries.ts";
import { type GrantTargets, statementsOf } from "./grants.ts";
import { handlerFunction, type HandlerFunctionArgs } from "./handler-function.ts";
import { scheduledCall } from "./schedule.ts";
import type { Scope } from "./scope.ts";
import { backupWorkflow } from "./workflow.ts";

/** A start that could not be delivered is repeated: two executions of one run are harmless, none is not. */
const START_RETRIES = 10;

export interface ScheduledBackupArgs extends Pick<HandlerFunctionArgs, "layers" | "vpc"> {
  readonly scope: Scope;
  readonly entry: BackupEntry;
  /** Name of the function, state machine, schedule and queue in AWS. */
  readonly resourceName: string;
  readonly grants: readonly Grant[];
  readonly targets: GrantTargets;
  readonly environment: Readonly<Record<string, Input<string>>>;
}

/** What the backup of a database and that of a bucket have in common. */
export function scheduledBackup(name: string, args: ScheduledBackupArgs, parent: Resource): { stateMachine: StateMachine; undelivered: Queue } {
  const { scope, entry, resourceName } = args;

  const backup = handlerFunction(name, {
    scope,
    area: "backup",
    handler: "backup",
    functionName: resourceName,
    memoryMegabytes: entry.memoryMegabytes,
    timeoutSeconds: entry.timeoutSeconds,
    logDays: entry.logDays,
    environment: {
      [backupEnvironment.system]: scope.system.name,
      [backupEnvironment.stack]: scope.stack,
      [backupEnvironment.source]: entry.source,
      [backupEnvironment.sizeGiB]: String(entry.sizeGiB),
      ...args.environment,
    },
    statements: statementsOf(args.grants, args.targets),
    ...(args.layers === undefined ? {} : { layers: args.layers }),
    ...(args.vpc === undefined ? {} : { vpc: args.vpc }),
  }, parent);

  const stateMachine = backupWorkflow(name, {
    scope, stateMachineName: resourceName, backup, entry,
  }, parent);

  const { undelivered } = scheduledCall(name, {
    scope,
    area: "backup",
    scheduleName: resourceName,
    when: entry.schedule,
    target: { arn: stateMachine.arn, action: "states:StartExecution" },
    retries: START_RETRIES,
  }, parent);

  return { stateMachine, undelivered };
}
