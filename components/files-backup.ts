import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { backupEnvironment } from "../practice/contract/environment.ts";
import { backupFilesGrants } from "../practice/contract/permissions.ts";
import type { FilesBackupEntry } from "../practice/plan/entries.ts";
import { backupName } from "../practice/contract/names.ts";
import type { BackupStore } from "./backup-store.ts";
import { bucketArn } from "./internal/arn.ts";
import { scheduledBackup } from "./internal/scheduled-backup.ts";
import { known, type Scope } from "./internal/scope.ts";
import { sourceTargets } from "./internal/store-targets.ts";

export interface FilesBackupArgs {
  readonly scope: Scope;
  readonly entry: FilesBackupEntry;
  readonly store: BackupStore;
}

/** An archive of a bucket's objects, on schedule, into the store. */
export class FilesBackup extends ComponentResource {
  static readonly type = "upkeep:backup:FilesBackup";

  readonly stateMachineArn: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store }: FilesBackupArgs, opts?: ComponentResourceOptions) {
    super(FilesBackup.type, name, { entry }, opts);
    const source = bucketArn(scope, known(entry.bucket));

    const { stateMachine, undelivered } = scheduledBackup(name, {
      scope,
      entry,
      resourceName: backupName(scope, entry.source),
      grants: backupFilesGrants,
      targets: {
        ...sourceTargets(store, scope, entry.source), "source-bucket": [source], "source-objects": [interpolate`${source}/*`],
        ...(entry.bucketKey === undefined ? {} : { "source-key": [known(entry.bucketKey)] }),
      },
      environment: {
        [backupEnvironment.bucket]: store.primary.bucketName,
        [backupEnvironment.engine]: "files",
        [backupEnvironment.database]: known(entry.bucket),
      },
    }, this);

    this.stateMachineArn = stateMachine.arn;
    this.undeliveredQueueName = undelivered.name;
    // A policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ entry, stateMachineArn: this.stateMachineArn, undeliveredQueueName: this.undeliveredQueueName });
  }
}
