import { Vault } from "@pulumi/aws/backup/vault.js";
import { VaultLockConfiguration } from "@pulumi/aws/backup/vaultLockConfiguration.js";
import { Key } from "@pulumi/aws/kms/key.js";
import type { Resource } from "@pulumi/pulumi";
import type { SnapshotsEntry } from "../../practice/plan/entries.ts";
import { type Scope, tagsOf } from "./scope.ts";

export interface SnapshotVaultArgs {
  readonly scope: Scope;
  readonly of: Extract<SnapshotsEntry["of"], { readonly kind: "rds" }>;
  readonly vaultName: string;
  readonly region: string;
}

export interface SnapshotVault {
  readonly vault: Vault;
  readonly key: Key;
}

/** AWS lets a compliance lock be taken off for at least this many days after it was set: the last moment to notice a slip. */
const CHANGEABLE_DAYS = 3;

/** A locked vault under a key of its own, in one region. */
export function snapshotVault(name: string, { scope, of, vaultName, region }: SnapshotVaultArgs, parent: Resource): SnapshotVault {
  const tags = tagsOf(scope, "backup");
  const survives = { parent, protect: true, retainOnDelete: true };

  const key = new Key(name, {
    region, description: `Snapshots of ${scope.system.name} (${scope.stack})`, enableKeyRotation: true, deletionWindowInDays: of.keyWindowDays, tags,
  }, survives);
  const vault = new Vault(name, { region, name: vaultName, kmsKeyArn: key.arn, forceDestroy: false, tags }, survives);

  new VaultLockConfiguration(name, {
    region, backupVaultName: vault.name, minRetentionDays: of.lock.days,
    ...(of.lock.mode === "compliance" ? { changeableForDays: CHANGEABLE_DAYS } : {}),
  }, { parent });
  return { vault, key };
}
