import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { deniesPlainHttp, doors, type Statement, statementsOf } from "./internal/documents.ts";
import { referring } from "./internal/edges.ts";
import { judgeApart } from "./internal/known.ts";
import { validateStores } from "./internal/stores.ts";

export const storePrivate: StackValidationPolicy = {
  name: "store-private",
  description: "Nobody reaches a backup store from the public, and nobody without TLS.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Close all four doors of the BucketPublicAccessBlock and deny s3:* where aws:SecureTransport is false.",
  validateStack: validateStores((store, resources, report) => {
    const blocks = referring(resources, BucketPublicAccessBlock, "bucket", store);
    if (blocks.length === 0) report(`Expected a public access block for ${store.name}, found none. Add a BucketPublicAccessBlock.`);
    const policies = referring(resources, BucketPolicy, "bucket", store);
    if (policies.length === 0) report(`Expected a bucket policy for ${store.name}, found none. Add one that denies requests without TLS.`);

    judgeApart([
      ...blocks.map((block) => () => {
        for (const door of doors.filter((name) => block.asType(BucketPublicAccessBlock)?.[name] !== true)) {
          report(`Expected ${door} of ${store.name} to be true, got something else. Set it.`);
        }
      }),
      ...policies.map((policy) => () => {
        if (!documentOf(policy).some(deniesPlainHttp)) {
          report(
            `Expected the policy of ${store.name} to deny s3:* to everyone where aws:SecureTransport is false, found no such statement ` +
            "for both the bucket and its objects. Add it.",
          );
        }
      }),
    ]);
  }),
};

const documentOf = (policy: PolicyResource): readonly Statement[] => statementsOf(policy.asType(BucketPolicy)?.policy);
