import type { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { Queue } from "@pulumi/aws/sqs/queue.js";
import type { Input, Resource } from "@pulumi/pulumi";
import { backupEnvironment } from "../../practice/contract/environment.ts";
import type { Grant } from "../../practice/contract/permissions.ts";
import type { Runner } from "../../practice/contract/runner.ts";
import type { StartedBackupEntry, TaskShape } from "../../practice/plan/entries.ts";
import type { BackupStore } from "../backup-store.ts";
import type { Tasks } from "../tasks.ts";
import type { HandlerName } from "./bundle.ts";
import { type GrantTargets, statementsOf } from "./grants.ts";
import { handlerFunction, type HandlerFunctionArgs } from "./handler-function.ts";
import { scheduledCall } from "./schedule.ts";
import type { Scope } from "./scope.ts";
import { taskDefinition } from "./task-definition.ts";
import { backupWorkflow, type BackupWorkflowArgs } from "./workflow.ts";
import { backupWorkflowWithTask } from "./workflow-with-task.ts";

/** A start that could not be delivered is repeated: two executions of one run are harmless, none is not. */
const START_RETRIES = 10;

export interface ScheduledBackupArgs extends Pick<HandlerFunctionArgs, "layers" | "vpc"> {
  readonly scope: Scope;
  readonly entry: StartedBackupEntry;
  /** Default: the one that backs up databases and files. */
  readonly handler?: HandlerName;
  /** Name of the function, state machine, schedule and queue in AWS. */
  readonly resourceName: string;
  readonly grants: readonly Grant[];
  readonly targets: GrantTargets;
  readonly environment: Readonly<Record<string, Input<string>>>;
  /** What a run consists of, where it is more than one call of the function. It has no task then. */
  readonly workflow?: (name: string, args: BackupWorkflowArgs, parent: Resource) => StateMachine;
  /** What takes over a run that is too large for the function. It runs where the function does. */
  readonly task?: TakingOver;
}

export interface TakingOver {
  readonly shape: TaskShape;
  /** Where a run is made until one was measured. */
  readonly declared: Runner;
  readonly tasks: Tasks;
  readonly store: BackupStore;
}

/** What the backup of a database and that of a bucket have in common. */
export function scheduledBackup(name: string, args: ScheduledBackupArgs, parent: Resource): { stateMachine: StateMachine; undelivered: Queue } {
  const { scope, entry, resourceName, task, vpc, workflow: declare = backupWorkflow } = args;
  const statements = statementsOf(args.grants, args.targets);
  const environment = {
    [backupEnvironment.system]: scope.system.name,
    [backupEnvironment.stack]: scope.stack,
    [backupEnvironment.source]: entry.source,
    [backupEnvironment.sizeGiB]: String(entry.sizeGiB),
    ...args.environment,
  };

  const backup = handlerFunction(name, {
    scope,
    area: "backup",
    handler: args.handler ?? "backup",
    functionName: resourceName,
    memoryMegabytes: entry.memoryMegabytes,
    timeoutSeconds: entry.timeoutSeconds,
    logDays: entry.logDays,
    environment,
    statements,
    ...(args.layers === undefined ? {} : { layers: args.layers }),
    ...(vpc === undefined ? {} : { vpc }),
  }, parent);

  const workflow = { scope, stateMachineName: resourceName, backup, entry };
  const stateMachine = task === undefined || vpc === undefined
    ? declare(name, workflow, parent)
    : backupWorkflowWithTask(name, {
      ...workflow, vpc, ...task, timeoutSeconds: task.shape.timeoutSeconds,
      task: taskDefinition(name, { scope, area: "backup", handler: "backup", family: resourceName, environment, statements, ...task }, parent),
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
