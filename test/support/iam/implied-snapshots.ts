import { ACCOUNT, type DeclaredStack } from "./declared-stack.ts";
import type { ImpliedCalls, Need } from "./implied-call.ts";

const rds = (thing: string): string => `arn:aws:rds:eu-central-1:${ACCOUNT}:${thing}`;

const forEither = "It is for the other kind of database: which one a resource is may be known only at an update, and of this one it allows nothing.";

/** An instance and a cluster have actions of their own for the same. */
const kinds = {
  instance: {
    thing: "db", snapshot: "snapshot", create: "rds:CreateDBSnapshot", modify: "rds:ModifyDBInstance", copy: "rds:CopyDBSnapshot",
    forget: "rds:DeleteDBSnapshot", restore: "rds:RestoreDBInstanceFromDBSnapshot", parameters: "pg", remove: "rds:DeleteDBInstance",
  },
  cluster: {
    thing: "cluster", snapshot: "cluster-snapshot", create: "rds:CreateDBClusterSnapshot", modify: "rds:ModifyDBCluster", copy: "rds:CopyDBClusterSnapshot",
    forget: "rds:DeleteDBClusterSnapshot", restore: "rds:RestoreDBClusterFromSnapshot", parameters: "cluster-pg", remove: "rds:DeleteDBCluster",
  },
} as const;

const lists = [
  "rds:DescribeDBInstances", "rds:DescribeDBClusters", "rds:DescribeDBSnapshots", "rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterAutomatedBackups", "tag:GetResources",
] as const;

/** AWS Backup developer guide, managed policies of its service role, for backup and for restores: what they have for RDS, of one database. */
export const managedSnapshots = ({ arnOf }: DeclaredStack, source: string, kind: keyof typeof kinds): ImpliedCalls => {
  const { thing, snapshot, create, modify, copy, forget, restore, parameters, remove } = kinds[kind];
  const [database, taken, restored] = [rds(`${thing}:${source}`), rds(`${snapshot}:awsbackup:job-1`), rds(`${thing}:awsbackup-restore-test-1`)];
  const instance = rds("db:awsbackup-restore-test-1");
  const around = [rds("subgrp:of-the-source"), rds("og:of-the-source")];
  const [own, copied] = [`campus-${source}-snapshots`, `campus-${source}-snapshots-copy`];
  const needs: readonly Need[] = [
    ...lists.map((action): Need => [action, "*"]),
    [create, database], [create, taken], [modify, database], [copy, taken], [forget, taken],
    ...[database, taken, restored].map((tagged): Need => ["rds:AddTagsToResource", tagged]),
    ...[database, taken].map((tagged): Need => ["rds:ListTagsForResource", tagged]),
    ...[restored, taken, rds(`${parameters}:of-the-source`), ...around].map((used): Need => [restore, used]),
    ...[instance, ...(kind === "cluster" ? [restored] : []), rds("pg:of-the-source"), ...around].map((used): Need => ["rds:CreateDBInstance", used]),
    // The instance of a restored cluster goes with it.
    [remove, restored], ...(kind === "cluster" ? [["rds:DeleteDBInstance", instance], ["rds:AddTagsToResource", instance]] as const : []),
    ...[own, copied].map((vault): Need => ["backup:DescribeBackupVault", arnOf("aws:backup/vault:Vault", vault)]),
    ["backup:CopyFromBackupVault", arnOf("aws:backup/vault:Vault", own)], ["backup:CopyIntoBackupVault", arnOf("aws:backup/vault:Vault", copied)],
    ...[own, copied].flatMap((vault): readonly Need[] => {
      const key = arnOf("aws:kms/key:Key", vault);
      return [
        ...["DescribeKey", "Decrypt", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext", "ReEncryptFrom", "ReEncryptTo"].map((action): Need => [`kms:${action}`, key]),
        ["kms:CreateGrant", key, { "kms:GrantIsForAWSResource": "true" }],
      ];
    }),
  ];
  const other = kinds[kind === "instance" ? "cluster" : "instance"];
  const ofBoth = ["rds:AddTagsToResource", "rds:ListTagsForResource", ...(kind === "instance" ? ["rds:CreateDBInstance"] : [])];
  return {
    who: `AWS Backup, of ${source}, which is ${kind === "instance" ? "an instance" : "a cluster"} of RDS`,
    role: own,
    service: "backup.amazonaws.com",
    needs,
    idle: Object.fromEntries([other.create, other.modify, other.copy, other.forget, other.restore, ...(kind === "instance" ? [other.remove] : []), ...ofBoth].map((action) => [action, forEither])),
  };
};
