import { ComponentResource, interpolate, type ComponentResourceOptions, type Input, type Output } from "@pulumi/pulumi";
import { backupEnvironment } from "../practice/contract/environment.ts";
import { backupDatabaseGrants } from "../practice/contract/permissions.ts";
import type { DatabaseBackupEntry } from "../practice/plan/entries.ts";
import { backupName } from "../practice/contract/names.ts";
import type { BackupStore } from "./backup-store.ts";
import type { HandlerNetwork } from "./handler-network.ts";
import { arn } from "./internal/arn.ts";
import { scheduledBackup } from "./internal/scheduled-backup.ts";
import { known, type Scope } from "./internal/scope.ts";
import { sourceTargets } from "./internal/store-targets.ts";
import type { Tasks } from "./tasks.ts";
import type { ToolsLayer } from "./tools-layer.ts";

export interface DatabaseBackupArgs {
  readonly scope: Scope;
  readonly entry: DatabaseBackupEntry;
  readonly store: BackupStore;
  readonly network: HandlerNetwork;
  /** Where the entry names no published layer. */
  readonly tools?: ToolsLayer;
  /** Where the entry has a task. */
  readonly tasks?: Tasks;
}

/** A dump of one database, on schedule, into the store: schedule -> state machine -> function, and what could not start. */
export class DatabaseBackup extends ComponentResource {
  static readonly type = "upkeep:backup:DatabaseBackup";

  readonly stateMachineArn: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store, network, tools, tasks }: DatabaseBackupArgs, opts?: ComponentResourceOptions) {
    super(DatabaseBackup.type, name, { entry }, opts);

    const { stateMachine, undelivered } = scheduledBackup(name, {
      scope,
      entry,
      resourceName: backupName(scope, entry.source),
      grants: backupDatabaseGrants,
      targets: {
        ...sourceTargets(store, scope, entry.source),
        // Secrets Manager ends every ARN with six characters that nobody chooses; `??????` matches no other name.
        secret: [arn(scope, "secretsmanager", interpolate`secret:${known(entry.secret)}-??????`)],
        ...(entry.secretKey === undefined ? {} : { "secret-key": [known(entry.secretKey)] }),
      },
      environment: {
        [backupEnvironment.bucket]: store.primary.bucketName,
        [backupEnvironment.engine]: entry.engine,
        [backupEnvironment.database]: entry.database,
        [backupEnvironment.secret]: known(entry.secret),
        ...(entry.content === undefined ? {} : { [backupEnvironment.content]: entry.content }),
        ...(entry.exports === undefined ? {} : { [backupEnvironment.exports]: JSON.stringify(entry.exports) }),
        ...(entry.host === undefined ? {} : { [backupEnvironment.host]: known(entry.host) }),
        ...(entry.reach.kind === "security-group" ? { [backupEnvironment.port]: String(entry.reach.port) } : {}),
      },
      layers: [layerOf(entry, tools)],
      vpc: { subnetIds: network.subnetIds, securityGroupId: network.securityGroupId },
      ...(entry.task === undefined ? {} : { task: { shape: entry.task, declared: entry.runner, tasks: tasksOf(entry, tasks), store } }),
    }, this);

    this.stateMachineArn = stateMachine.arn;
    this.undeliveredQueueName = undelivered.name;
    // A policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ entry, stateMachineArn: this.stateMachineArn, undeliveredQueueName: this.undeliveredQueueName });
  }
}

/** Without its programs the function would start every night and dump nothing. */
function layerOf({ source, toolsLayer }: DatabaseBackupEntry, tools: ToolsLayer | undefined): Input<string> {
  if (toolsLayer !== undefined) return known(toolsLayer);
  if (tools === undefined) throw new Error(`Expected a layer with the database programs for the backup of ${source}, got none: give a ToolsLayer as \`tools\`, or name a published one in \`toolsLayer\`.`);
  return tools.layerArn;
}

/** A state machine that would hand over to nobody fails at the first source that grew. */
function tasksOf({ source }: DatabaseBackupEntry, tasks: Tasks | undefined): Tasks {
  if (tasks === undefined) throw new Error(`Expected tasks to which the backup of ${source} can hand over, got none: give a Tasks as \`tasks\`, or leave \`task\` out of its entry.`);
  return tasks;
}
