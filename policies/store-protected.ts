import { Key } from "@pulumi/aws/kms/key.js";
import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { referred, referring } from "./internal/edges.ts";
import { judgeApart } from "./internal/known.ts";
import { validateStores } from "./internal/stores.ts";

/** The longest time that KMS waits before it destroys a key, and with it every backup that the key encrypts. */
const KEY_WINDOW_DAYS = 30;

// A pack never sees `retainOnDelete`; that store and key outlive their stack is held by the components' own tests.
export const storeProtected: StackValidationPolicy = {
  name: "store-protected",
  description: "Neither a destroyed stack nor a hasty person takes a backup store or its key away.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Protect bucket and key, never set forceDestroy, enable Object Lock at creation, rotate the key, keep its window at 30 days.",
  validateStack: validateStores((store, resources, report) => {
    if (!store.opts.protect) report(`Expected ${store.name} to be protected, got protect: false. Set the option protect.`);
    const keys = new Map(
      referring(resources, BucketServerSideEncryptionConfiguration, "bucket", store)
        .flatMap((configuration) => referred(configuration, Key, "rules"))
        .map((key) => [key.urn, key]),
    );
    for (const { name, opts } of keys.values()) {
      if (!opts.protect) report(`Expected the key ${name} to be protected, got protect: false. Set the option protect.`);
    }
    judgeApart([
      () => judgeBucket(store, report),
      ...[...keys.values()].flatMap((key) => [() => judgeWindow(key, report), () => judgeRotation(key, report)]),
    ]);
  }),
};

type Report = (message: string) => void;

function judgeBucket(store: PolicyResource, report: Report): void {
  const bucket = store.asType(Bucket);
  if (bucket?.forceDestroy === true) {
    report(`Expected ${store.name} not to be emptied when it is destroyed, got forceDestroy. Remove it: the backups would go with the stack.`);
  }
  if (bucket?.objectLockEnabled !== true) {
    report(`Expected Object Lock to be possible on ${store.name}, got objectLockEnabled unset. Set it when the bucket is made.`);
  }
}

function judgeWindow(key: PolicyResource, report: Report): void {
  const days = key.asType(Key)?.deletionWindowInDays;
  if (days !== KEY_WINDOW_DAYS) {
    report(`Expected the key ${key.name} to wait ${KEY_WINDOW_DAYS} days before it is destroyed, got ${days ?? "no number"}. Set deletionWindowInDays.`);
  }
}

function judgeRotation(key: PolicyResource, report: Report): void {
  if (key.asType(Key)?.enableKeyRotation !== true) {
    report(`Expected the key ${key.name} to rotate, got enableKeyRotation unset. Set it.`);
  }
}
