import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import type { StackValidationPolicy } from "@pulumi/policy";
import { referring } from "./internal/edges.ts";
import { eachKnown } from "./internal/known.ts";
import { plansOf } from "./internal/plan.ts";
import { validateStores } from "./internal/stores.ts";

const DAYS_OF_A_YEAR = 365;

export const storeLockEndsInTime: StackValidationPolicy = {
  name: "store-lock-ends-in-time",
  description: "Object Lock lets go of a backup before its days are over: a longer lock makes the lifecycle free nothing.",
  enforcementLevel: "mandatory",
  severity: "medium",
  remediationSteps: "Lock for at most as many days as the shortest-lived backup is kept.",
  validateStack: validateStores((store, resources, report) => {
    const keeps = plansOf(resources).flatMap(({ entries }) => entries).flatMap(({ keepDays, from }) =>
      keepDays === undefined ? [] : [{ keepDays, from }]);
    const locks = referring(resources, BucketObjectLockConfiguration, "bucket", store);
    eachKnown(locks, (lock) => {
      const retention = lock.asType(BucketObjectLockConfiguration)?.rule?.defaultRetention;
      const lockDays = (retention?.days ?? 0) + (retention?.years ?? 0) * DAYS_OF_A_YEAR;
      for (const { keepDays, from } of keeps.filter((keep) => keep.keepDays < lockDays)) {
        report(`Expected ${store.name} to be locked for at most the ${keepDays} days of ${from}, got ${lockDays}. Shorten the lock or keep longer.`);
      }
    });
  }),
};
