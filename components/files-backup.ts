import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { backupEnvironment } from "../practice/contract/environment.ts";
import { workPrefix } from "../practice/contract/inventory.ts";
import { backupCopiesGrants, backupFilesGrants } from "../practice/contract/permissions.ts";
import type { FilesBackupEntry } from "../practice/plan/entries.ts";
import { backupName } from "../practice/contract/names.ts";
import type { BackupStore } from "./backup-store.ts";
import { bucketArn } from "./internal/arn.ts";
import { copiesWorkflow } from "./internal/copies-workflow.ts";
import { scheduledBackup } from "./internal/scheduled-backup.ts";
import { known, type Scope } from "./internal/scope.ts";
import { sourceTargets } from "./internal/store-targets.ts";

export interface FilesBackupArgs {
  readonly scope: Scope;
  readonly entry: FilesBackupEntry;
  readonly store: BackupStore;
}

/** A bucket's objects, on schedule, into the store: as one archive, or as copies with a list of them. */
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
      ...(entry.as === "copies" ? {
        handler: "copies",
        grants: backupCopiesGrants,
        workflow: (ofBackup, args, parent) => copiesWorkflow(ofBackup, { ...args, store, source: entry.source }, parent),
      } : { grants: backupFilesGrants }),
      targets: {
        ...sourceTargets(store, scope, entry.source), "source-bucket": [source], "source-objects": [interpolate`${source}/*`],
        "work-objects": [interpolate`${store.primary.bucketArn}/${workPrefix(scope.system.name, entry.source)}*`],
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
