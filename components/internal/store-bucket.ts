import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { Bucket, type BucketArgs } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration, type BucketLifecycleConfigurationArgs } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { interpolate, type Input, type Resource } from "@pulumi/pulumi";
import { supersededTag } from "../../practice/contract/tags.ts";
import type { StoreEntry } from "../../practice/plan/entries.ts";
import { type Override, override } from "./override.ts";
import { type Scope, tagsOf } from "./scope.ts";

export interface StoreBucketArgs {
  readonly scope: Scope;
  readonly entry: StoreEntry;
  readonly bucketName: Input<string>;
  /** Without the leading `alias/`. */
  readonly keyAlias: string;
  /** Region of this copy. */
  readonly region: string;
  readonly overrides?: StoreBucketOverrides;
}

export interface StoreBucketOverrides {
  readonly bucket?: Override<BucketArgs>;
  readonly lifecycle?: Override<BucketLifecycleConfigurationArgs>;
}

export interface StoreBucket {
  readonly bucket: Bucket;
  readonly key: Key;
  readonly versioning: BucketVersioning;
}

/** A private, versioned bucket under a key of its own, in which nothing expires but what was superseded. */
export function storeBucket(name: string, args: StoreBucketArgs, parent: Resource): StoreBucket {
  const { scope, entry, region } = args;
  const tags = tagsOf(scope, "backup");
  const child = { parent };
  // A destroyed stack must not take its backups, or the only key to them, along.
  const survives = { parent, protect: true, retainOnDelete: true };

  const key = new Key(name, {
    region, description: `Backups of ${scope.system.name} (${scope.stack})`,
    enableKeyRotation: true, deletionWindowInDays: entry.keyWindowDays, tags,
  }, survives);

  new Alias(name, { region, name: `alias/${args.keyAlias}`, targetKeyId: key.keyId }, child);

  const bucket = new Bucket(name, override(args.overrides?.bucket, {
    // Object Lock can only be switched on at creation; without a default retention it locks nothing yet.
    region, bucket: args.bucketName, objectLockEnabled: true, forceDestroy: false, tags,
  }), survives);

  const versioning = new BucketVersioning(name, { region, bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } }, child);

  new BucketServerSideEncryptionConfiguration(name, {
    region, bucket: bucket.bucket,
    // One call to KMS per bucket and while, not per object and part.
    rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: key.arn }, bucketKeyEnabled: true }],
  }, child);

  const privacy = new BucketPublicAccessBlock(name, {
    region, bucket: bucket.bucket, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true,
  }, child);

  new BucketPolicy(name, {
    region, bucket: bucket.bucket,
    policy: {
      Version: "2012-10-17",
      Statement: [{
        Sid: "OnlyEncryptedConnections", Effect: "Deny", Principal: "*", Action: "s3:*",
        Resource: [bucket.arn, interpolate`${bucket.arn}/*`], Condition: { Bool: { "aws:SecureTransport": "false" } },
      }],
    },
  }, { parent, dependsOn: [privacy] }); // S3 refuses two changes of one bucket's access at the same moment.

  new BucketLifecycleConfiguration(name, override(args.overrides?.lifecycle, {
    region, bucket: bucket.bucket,
    rules: [
      {
        id: "expire-superseded", status: "Enabled",
        filter: { tag: supersededTag },
        expiration: { days: 1 },
      },
      {
        id: "sweep", status: "Enabled",
        filter: {},
        // On a versioned bucket an expiration only adds a marker: versions and markers have to go as well.
        noncurrentVersionExpiration: { noncurrentDays: entry.noncurrentDays },
        expiration: { expiredObjectDeleteMarker: true },
        abortIncompleteMultipartUpload: { daysAfterInitiation: entry.unfinishedUploadDays },
      },
    ],
  }), { parent, dependsOn: [versioning] });

  if (entry.lock !== undefined) {
    new BucketObjectLockConfiguration(name, {
      region, bucket: bucket.bucket,
      rule: { defaultRetention: { mode: entry.lock.mode.toUpperCase(), days: entry.lock.days } },
    }, { parent, dependsOn: [versioning] });
  }
  return { bucket, key, versioning };
}
