import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { snapshotPrefix } from "../practice/contract/elasticache.ts";
import { elasticacheEnvironment } from "../practice/contract/environment.ts";
import { backupName } from "../practice/contract/names.ts";
import { backupElasticacheGrants } from "../practice/contract/permissions.ts";
import type { ElastiCacheBackupEntry } from "../practice/plan/entries.ts";
import type { BackupStore } from "./backup-store.ts";
import type { ExportBucket } from "./export-bucket.ts";
import { arn } from "./internal/arn.ts";
import { exportWorkflow } from "./internal/export-workflow.ts";
import { scheduledBackup } from "./internal/scheduled-backup.ts";
import { known, type Scope } from "./internal/scope.ts";
import { sourceTargets } from "./internal/store-targets.ts";

export interface ElastiCacheBackupArgs {
  readonly scope: Scope;
  readonly entry: ElastiCacheBackupEntry;
  readonly store: BackupStore;
  /** Where ElastiCache puts its exports. */
  readonly exports: ExportBucket;
}

/** A snapshot of a Redis that ElastiCache runs, on schedule: ordered, exported, read whole and stored. Outside the network: nothing logs in. */
export class ElastiCacheBackup extends ComponentResource {
  static readonly type = "upkeep:backup:ElastiCacheBackup";

  readonly stateMachineArn: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store, exports }: ElastiCacheBackupArgs, opts?: ComponentResourceOptions) {
    super(ElastiCacheBackup.type, name, { entry }, opts);
    const { of } = entry;
    const ours = `${snapshotPrefix(scope, entry.source)}*`;

    const { stateMachine, undelivered } = scheduledBackup(name, {
      scope,
      entry,
      handler: "elasticache",
      resourceName: backupName(scope, entry.source),
      grants: backupElasticacheGrants,
      workflow: (ofBackup, args, parent) => exportWorkflow(ofBackup, { ...args, lookEverySeconds: entry.lookEverySeconds }, parent),
      targets: {
        ...sourceTargets(store, scope, entry.source),
        ...("replicationGroup" in of
          ? { "replication-group": [arn(scope, "elasticache", interpolate`replicationgroup:${known(of.replicationGroup)}`)] }
          : { "cache-cluster": [arn(scope, "elasticache", interpolate`cluster:${known(of.cacheCluster)}`)] }),
        "elasticache-snapshots": [arn(scope, "elasticache", `snapshot:${ours}`)],
        "export-bucket": [exports.bucketArn],
        "export-objects": [interpolate`${exports.bucketArn}/${ours}`],
      },
      environment: {
        [elasticacheEnvironment.bucket]: store.primary.bucketName,
        [elasticacheEnvironment.database]: entry.database,
        [elasticacheEnvironment.exportBucket]: exports.bucketName,
        ...("replicationGroup" in of
          ? { [elasticacheEnvironment.replicationGroup]: known(of.replicationGroup) }
          : { [elasticacheEnvironment.cacheCluster]: known(of.cacheCluster) }),
        ...(entry.content === undefined ? {} : { [elasticacheEnvironment.content]: entry.content }),
      },
    }, this);

    this.stateMachineArn = stateMachine.arn;
    this.undeliveredQueueName = undelivered.name;
    // A policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ entry, stateMachineArn: this.stateMachineArn, undeliveredQueueName: this.undeliveredQueueName });
  }
}
