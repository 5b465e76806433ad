import { interpolate } from "@pulumi/pulumi";
import type { BackupStore } from "../backup-store.ts";
import type { GrantTargets } from "./grants.ts";

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
