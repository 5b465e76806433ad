import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { componentTypes, parentsOf } from "./internal/components.ts";
import { deniesPlainHttp, doors, listOf, type Statement, statementsOf } from "./internal/documents.ts";
import { referring } from "./internal/edges.ts";
import { eachKnown, judgeApart } from "./internal/known.ts";
import { coversEverything, lifecycleOf, type LifecycleRule } from "./internal/lifecycle.ts";
import { demandMatch, entriesOf } from "./internal/plan.ts";

/** S3 counts no fewer; an export is stored within hours. */
const MOST_DAYS = 1;

/** Who may be let in: the service that exports, of one region. */
const EXPORTER = /^[a-z0-9-]+\.elasticache-snapshot\.amazonaws\.com$/;

const within = (days: number | undefined): boolean => days !== undefined && days > 0 && days <= MOST_DAYS;

const duties: readonly { readonly what: string; readonly done: (rule: LifecycleRule) => boolean }[] = [
  { what: "expire every object", done: (rule) => coversEverything(rule) && within(rule.expiration?.days) },
  { what: "expire noncurrent versions", done: (rule) => coversEverything(rule) && within(rule.noncurrentVersionExpiration?.noncurrentDays) },
  { what: "abort unfinished uploads", done: (rule) => coversEverything(rule) && within(rule.abortIncompleteMultipartUpload?.daysAfterInitiation) },
];

export const exportsPassThrough: StackValidationPolicy = {
  name: "exports-pass-through",
  description: "Exports on their way into the store lie in a bucket that is private and encrypted, lets in only the service that exports, and is empty a day later.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Close the bucket to the public, deny requests without TLS, let in <region>.elasticache-snapshot.amazonaws.com alone, and expire everything after one day.",
  validateStack: (args, report) => {
    const { resources } = args;
    const buckets = resources.filter((resource) => resource.isType(Bucket) && parentsOf(resource).some(({ type }) => type === componentTypes.exportBucket));
    demandMatch(buckets, entriesOf(resources, "export-bucket"), "a bucket for exports", args, report);
    eachKnown(buckets, (bucket) => judge(bucket, resources, (message) => report(message, bucket.urn)));
  },
};

type Report = (message: string) => void;

function judge(bucket: PolicyResource, resources: readonly PolicyResource[], report: Report): void {
  const { name } = bucket;
  const blocks = referring(resources, BucketPublicAccessBlock, "bucket", bucket);
  if (blocks.length === 0) report(`Expected a public access block for ${name}, found none. Add a BucketPublicAccessBlock.`);
  const policies = referring(resources, BucketPolicy, "bucket", bucket);
  if (policies.length === 0) report(`Expected a bucket policy for ${name}, found none. Add one that denies requests without TLS and lets the exporting service in.`);
  const encryptions = referring(resources, BucketServerSideEncryptionConfiguration, "bucket", bucket);
  if (encryptions.length === 0) report(`Expected an encryption configuration for ${name}, found none. Add one.`);

  judgeApart([
    ...blocks.map((block) => () => {
      for (const door of doors.filter((one) => block.asType(BucketPublicAccessBlock)?.[one] !== true)) report(`Expected ${door} of ${name} to be true, got something else. Set it.`);
    }),
    ...policies.map((policy) => () => judgePolicy(name, statementsOf(policy.asType(BucketPolicy)?.policy), report)),
    ...encryptions.map((encryption) => () => {
      for (const { applyServerSideEncryptionByDefault: applied } of encryption.asType(BucketServerSideEncryptionConfiguration)?.rules ?? []) {
        if (applied === undefined) report(`Expected ${name} to be encrypted, got a rule that says nothing. Set sseAlgorithm.`);
      }
    }),
    () => {
      const rules = lifecycleOf(bucket, resources);
      for (const { what } of duties.filter(({ done }) => !rules.some(done))) report(`Expected the lifecycle of ${name} to ${what} after ${MOST_DAYS} day, found no enabled rule that does. Add one: what lies there is a copy that nobody watches.`);
    },
  ]);
}

function judgePolicy(name: string, statements: readonly Statement[], report: Report): void {
  if (!statements.some(deniesPlainHttp)) report(`Expected the policy of ${name} to deny s3:* to everyone where aws:SecureTransport is false, found no such statement for both the bucket and its objects. Add it.`);
  for (const { Principal: principal } of statements.filter(({ Effect }) => Effect === "Allow")) {
    const letIn = typeof principal === "object" ? Object.entries(principal).flatMap(([kind, who]) => listOf(who).map((one) => [kind, one] as const)) : [["", principal ?? "nobody"] as const];
    for (const [kind, who] of letIn) {
      if (kind !== "Service" || !EXPORTER.test(who)) report(`Expected the policy of ${name} to let in the service that exports and nobody else, got ${who}. Remove that statement.`);
    }
  }
}
