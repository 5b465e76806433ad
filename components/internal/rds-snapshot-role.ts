import type { Resource } from "@pulumi/pulumi";
import { arn } from "./arn.ts";
import { type ServiceRole, serviceRole } from "./role.ts";
import { known, type Scope } from "./scope.ts";
import type { SnapshotVault, SnapshotVaultArgs } from "./snapshot-vault.ts";

export interface RdsRoleArgs {
  readonly scope: Scope;
  readonly of: SnapshotVaultArgs["of"];
  readonly vaults: readonly SnapshotVault[];
}

/** What AWS Backup may do to one database, to the snapshots that it makes of it, and to the instances that it restores. */
export function rdsRole(name: string, { scope, of, vaults }: RdsRoleArgs, parent: Resource): ServiceRole {
  // AWS Backup begins the name of whatever it makes with these.
  const snapshots = [arn(scope, "rds", "snapshot:awsbackup:*"), arn(scope, "rds", "cluster-snapshot:awsbackup:*")];
  const restored = [arn(scope, "rds", "db:awsbackup-restore-test-*"), arn(scope, "rds", "cluster:awsbackup-restore-test-*")];
  const surroundings = ["subgrp:*", "pg:*", "og:*", "cluster-pg:*"].map((part) => arn(scope, "rds", part));
  return serviceRole(name, {
    scope,
    area: "backup",
    service: "backup.amazonaws.com",
    statements: [
      {
        actions: ["rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterAutomatedBackups", "tag:GetResources"],
        resources: ["*"],
      },
      {
        actions: ["rds:CreateDBSnapshot", "rds:CreateDBClusterSnapshot", "rds:AddTagsToResource", "rds:ListTagsForResource"],
        resources: [known(of.resource), ...snapshots],
      },
      // Point in time is the database's own setting.
      { actions: ["rds:ModifyDBInstance", "rds:ModifyDBCluster"], resources: [known(of.resource)] },
      { actions: ["rds:CopyDBSnapshot", "rds:CopyDBClusterSnapshot", "rds:DeleteDBSnapshot", "rds:DeleteDBClusterSnapshot"], resources: snapshots },
      {
        actions: ["rds:RestoreDBInstanceFromDBSnapshot", "rds:RestoreDBClusterFromSnapshot", "rds:CreateDBInstance", "rds:AddTagsToResource"],
        resources: [...restored, ...snapshots, ...surroundings],
      },
      { actions: ["rds:DeleteDBInstance", "rds:DeleteDBCluster"], resources: restored },
      { actions: ["backup:DescribeBackupVault", "backup:CopyIntoBackupVault", "backup:CopyFromBackupVault"], resources: vaults.map(({ vault }) => vault.arn) },
      {
        actions: ["kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey", "kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"],
        resources: vaults.map(({ key }) => key.arn),
      },
      { actions: ["kms:CreateGrant"], resources: vaults.map(({ key }) => key.arn), condition: { Bool: { "kms:GrantIsForAWSResource": "true" } } },
    ],
  }, parent);
}
