import type { Resource } from "@pulumi/pulumi";
import { arn } from "./arn.ts";
import { type ServiceRole, serviceRole } from "./role.ts";
import { known, type Scope } from "./scope.ts";
import type { SnapshotVault, SnapshotVaultArgs } from "./snapshot-vault.ts";

export interface RdsRoleArgs {
  readonly scope: Scope;
  readonly of: SnapshotVaultArgs["of"];
  readonly own: SnapshotVault;
  /** Vaults into which it copies. */
  readonly copies: readonly SnapshotVault[];
}

/** What AWS Backup may do to one database, to the snapshots that it makes of it, and to the instances that it restores. */
export function rdsRole(name: string, { scope, of, own, copies }: RdsRoleArgs, parent: Resource): ServiceRole {
  // AWS Backup begins the name of whatever it makes with these.
  const [snapshots, clusterSnapshots] = [arn(scope, "rds", "snapshot:awsbackup:*"), arn(scope, "rds", "cluster-snapshot:awsbackup:*")];
  const [restored, restoredCluster] = [arn(scope, "rds", "db:awsbackup-restore-test-*"), arn(scope, "rds", "cluster:awsbackup-restore-test-*")];
  const surroundings = ["subgrp:*", "og:*"].map((part) => arn(scope, "rds", part));
  const database = known(of.resource);
  const vaults = [own, ...copies];
  return serviceRole(name, {
    scope,
    area: "backup",
    service: "backup.amazonaws.com",
    statements: [
      {
        actions: ["rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterAutomatedBackups", "tag:GetResources"],
        resources: ["*"],
      },
      // Whether it is an instance or a cluster may be known only at an update: what is for the other kind allows nothing.
      { actions: ["rds:CreateDBSnapshot"], resources: [database, snapshots] },
      { actions: ["rds:CreateDBClusterSnapshot"], resources: [database, clusterSnapshots] },
      // Point in time is the database's own setting.
      { actions: ["rds:ModifyDBInstance", "rds:ModifyDBCluster"], resources: [database] },
      { actions: ["rds:AddTagsToResource", "rds:ListTagsForResource"], resources: [database, snapshots, clusterSnapshots] },
      { actions: ["rds:CopyDBSnapshot", "rds:DeleteDBSnapshot"], resources: [snapshots] },
      { actions: ["rds:CopyDBClusterSnapshot", "rds:DeleteDBClusterSnapshot"], resources: [clusterSnapshots] },
      { actions: ["rds:RestoreDBInstanceFromDBSnapshot"], resources: [restored, snapshots, arn(scope, "rds", "pg:*"), ...surroundings] },
      { actions: ["rds:RestoreDBClusterFromSnapshot"], resources: [restoredCluster, clusterSnapshots, arn(scope, "rds", "cluster-pg:*"), ...surroundings] },
      // A cluster is restored without an instance, and nobody could ask it anything.
      { actions: ["rds:CreateDBInstance"], resources: [restored, restoredCluster, arn(scope, "rds", "pg:*"), ...surroundings] },
      { actions: ["rds:AddTagsToResource"], resources: [restored, restoredCluster] },
      { actions: ["rds:DeleteDBInstance"], resources: [restored] },
      { actions: ["rds:DeleteDBCluster"], resources: [restoredCluster] },
      { actions: ["backup:DescribeBackupVault"], resources: vaults.map(({ vault }) => vault.arn) },
      ...(copies.length === 0 ? [] : [
        { actions: ["backup:CopyFromBackupVault"], resources: [own.vault.arn] },
        { actions: ["backup:CopyIntoBackupVault"], resources: copies.map(({ vault }) => vault.arn) },
      ]),
      {
        actions: ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        resources: vaults.map(({ key }) => key.arn),
      },
      { actions: ["kms:CreateGrant"], resources: vaults.map(({ key }) => key.arn), condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
    ],
  }, parent);
}
