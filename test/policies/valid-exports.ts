import { type Described, type Stack, UNKNOWN } from "../support/policy.ts";

/** A bucket through which exports pass on their way into the store. */
export const validExports = (tags: (practice: string) => Record<string, string>): Stack => {
  const child = (type: string, props: Record<string, unknown>): Described => ({ type, parent: "exports", refs: { bucket: ["exports-bucket"] }, props: { bucket: UNKNOWN, ...props } });
  return {
    "exports": { type: "upkeep:backup:ExportBucket", parent: "campus", props: {} },
    "exports-bucket": { type: "aws:s3/bucket:Bucket", parent: "exports", props: { bucket: UNKNOWN, tags: tags("exports") } },
    "exports-encryption": child("aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration", { rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] }),
    "exports-access": child("aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true }),
    "exports-policy": child("aws:s3/bucketPolicy:BucketPolicy", { policy: { Version: "2012-10-17", Statement: [
      { Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [UNKNOWN, UNKNOWN], Condition: { Bool: { "aws:SecureTransport": "false" } } },
      { Effect: "Allow", Principal: { Service: "eu-central-1.elasticache-snapshot.amazonaws.com" }, Action: ["s3:PutObject"], Resource: [UNKNOWN, UNKNOWN] },
    ] } }),
    "exports-lifecycle": child("aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration", { rules: [{
      id: "empty", status: "Enabled", filter: {}, expiration: { days: 1 }, noncurrentVersionExpiration: { noncurrentDays: 1 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 1 },
    }] }),
  };
};
