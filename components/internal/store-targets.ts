import { interpolate } from "@pulumi/pulumi";
import { sourcePrefix } from "../../practice/contract/store.ts";
import type { BackupStore } from "../backup-store.ts";
import type { GrantTargets } from "./grants.ts";
import type { Scope } from "./scope.ts";

/** The store's parts, for the roles of functions that read or write it. */
export const storeTargets = ({ primary, replica }: BackupStore): GrantTargets => ({
  "store-bucket": [primary.bucketArn],
  "store-objects": [interpolate`${primary.bucketArn}/*`],
  "store-key": [primary.keyArn],
  ...(replica === undefined ? {} : {
    "replica-bucket": [replica.bucketArn],
    "replica-objects": [interpolate`${replica.bucketArn}/*`],
    "replica-key": [replica.keyArn],
  }),
});

/** The same for what writes the backups of one source: it can touch no other's, nor the code that tasks fetch and run. */
export const sourceTargets = (store: BackupStore, scope: Scope, source: string): GrantTargets => ({
  ...storeTargets(store), "store-objects": [interpolate`${store.primary.bucketArn}/${sourcePrefix(scope.system.name, source)}*`],
});
