import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import { exportBucketPrefix } from "../practice/contract/names.ts";
import type { ExportBucketEntry } from "../practice/plan/entries.ts";
import { type Scope, tagsOf } from "./internal/scope.ts";

export interface ExportBucketArgs {
  readonly scope: Scope;
  readonly entry: ExportBucketEntry;
}

/**
 * Where ElastiCache puts what it exports, until it is stored: private, and empty again a day later. Nothing in it is a
 * backup, so it goes with its stack.
 */
export class ExportBucket extends ComponentResource {
  static readonly type = "upkeep:backup:ExportBucket";

  readonly bucketName: Output<string>;
  readonly bucketArn: Output<string>;

  constructor(name: string, { scope, entry }: ExportBucketArgs, opts?: ComponentResourceOptions) {
    super(ExportBucket.type, name, { entry }, opts);
    const child = { parent: this };
    const { region } = scope;

    // Bucket names are unique in the world. Without dots: ElastiCache takes no others (guide, Exporting a backup).
    const suffix = new RandomId(name, { byteLength: 4 }, child);

    const bucket = new Bucket(name, { region, bucket: interpolate`${exportBucketPrefix(scope)}${suffix.hex}`, forceDestroy: false, tags: tagsOf(scope, "exports") }, child);

    new BucketServerSideEncryptionConfiguration(name, {
      region, bucket: bucket.bucket,
      // S3's own keys: whether ElastiCache may write with a customer's, its guide does not say. A store with one comes behind.
      rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
    }, child);

    const privacy = new BucketPublicAccessBlock(name, {
      region, bucket: bucket.bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
    }, child);

    const resources = [bucket.arn, interpolate`${bucket.arn}/*`];
    new BucketPolicy(name, {
      region, bucket: bucket.bucket,
      policy: {
        Version: "2012-10-17",
        Statement: [
          { Sid: "OnlyEncryptedConnections", Effect: "Deny", Principal: "*", Action: "s3:*", Resource: resources, Condition: { Bool: { "aws:SecureTransport": "false" } } },
          {
            // As the guide has it (Exporting a backup, "Grant ElastiCache access to your Amazon S3 bucket"): since 2026 in every
            // region, in place of an ACL for the service's canonical id. It shows no condition on the account; ElastiCache
            // itself takes no bucket that the caller does not own (API reference, CopySnapshot).
            Sid: "ElastiCacheExports", Effect: "Allow", Principal: { Service: `${region}.elasticache-snapshot.amazonaws.com` },
            Action: ["s3:PutObject", "s3:GetObject", "s3:ListBucket", "s3:GetBucketAcl", "s3:ListMultipartUploadParts", "s3:ListBucketMultipartUploads"],
            Resource: resources,
          },
        ],
      },
    }, { parent: this, dependsOn: [privacy] }); // S3 refuses two changes of one bucket's access at the same moment.

    const days = entry.emptiedAfterDays;
    new BucketLifecycleConfiguration(name, {
      region, bucket: bucket.bucket,
      rules: [{
        id: "empty", status: "Enabled", filter: {},
        expiration: { days },
        // There are no versions; should somebody switch them on, they go as well.
        noncurrentVersionExpiration: { noncurrentDays: days },
        abortIncompleteMultipartUpload: { daysAfterInitiation: days },
      }],
    }, child);

    this.bucketName = bucket.bucket;
    this.bucketArn = bucket.arn;
    this.registerOutputs({ entry, bucketName: this.bucketName });
  }
}
