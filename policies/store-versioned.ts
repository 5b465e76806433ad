import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type { StackValidationPolicy } from "@pulumi/policy";
import { referring } from "./internal/edges.ts";
import { eachKnown } from "./internal/known.ts";
import { validateStores } from "./internal/stores.ts";

export const storeVersioned: StackValidationPolicy = {
  name: "store-versioned",
  description: "A backup store keeps every version of an object, so that neither a mistake nor an intruder overwrites a backup.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Add a BucketVersioning with status Enabled for the store.",
  validateStack: validateStores((store, resources, report) => {
    const versionings = referring(resources, BucketVersioning, "bucket", store);
    if (versionings.length === 0) {
      report(`Expected versioning for ${store.name}, found none. Add a BucketVersioning whose bucket is the store's.`);
    }
    eachKnown(versionings, (versioning) => {
      const status = versioning.asType(BucketVersioning)?.versioningConfiguration.status;
      if (status !== "Enabled") report(`Expected versioning of ${store.name} to be Enabled, got ${status ?? "nothing"}. Set its status.`);
    });
  }),
};
