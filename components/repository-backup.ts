import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { backupEnvironment } from "../practice/contract/environment.ts";
import { backupName } from "../practice/contract/names.ts";
import { backupRepositoryGrants } from "../practice/contract/permissions.ts";
import type { RepositoryBackupEntry } from "../practice/plan/entries.ts";
import type { BackupStore } from "./backup-store.ts";
import { secretArn } from "./internal/arn.ts";
import { scheduledBackup } from "./internal/scheduled-backup.ts";
import { known, type Scope } from "./internal/scope.ts";
import { sourceTargets } from "./internal/store-targets.ts";

export interface RepositoryBackupArgs {
  readonly scope: Scope;
  readonly entry: RepositoryBackupEntry;
  readonly store: BackupStore;
}

/** Every ref of a repository as one git bundle, on schedule, into the store. Outside the network: its server is on the internet. */
export class RepositoryBackup extends ComponentResource {
  static readonly type = "upkeep:backup:RepositoryBackup";

  readonly stateMachineArn: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store }: RepositoryBackupArgs, opts?: ComponentResourceOptions) {
    super(RepositoryBackup.type, name, { entry }, opts);
    const { secret, secretKey } = entry;

    const { stateMachine, undelivered } = scheduledBackup(name, {
      scope,
      entry,
      resourceName: backupName(scope, entry.source),
      grants: backupRepositoryGrants,
      targets: {
        ...sourceTargets(store, scope, entry.source),
        ...(secret === undefined ? {} : { secret: [secretArn(scope, known(secret))] }),
        ...(secretKey === undefined ? {} : { "secret-key": [known(secretKey)] }),
      },
      environment: {
        [backupEnvironment.bucket]: store.primary.bucketName,
        [backupEnvironment.engine]: "repository",
        [backupEnvironment.database]: entry.url,
        ...(secret === undefined ? {} : { [backupEnvironment.secret]: known(secret) }),
      },
    }, this);

    this.stateMachineArn = stateMachine.arn;
    this.undeliveredQueueName = undelivered.name;
    // A policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ entry, stateMachineArn: this.stateMachineArn, undeliveredQueueName: this.undeliveredQueueName });
  }
}
