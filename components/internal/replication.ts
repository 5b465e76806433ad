import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig.js";
import { interpolate, type Resource } from "@pulumi/pulumi";
import { serviceRole } from "./role.ts";
import type { Scope } from "./scope.ts";
import type { StoreBucket } from "./store-bucket.ts";

/** S3 copies every object of one store bucket to the other, never a deletion. */
export function replicate(name: string, scope: Scope, from: StoreBucket, to: StoreBucket, parent: Resource): void {
  const { role, policy } = serviceRole(`${name}-replication`, {
    scope,
    area: "backup",
    service: "s3.amazonaws.com",
    statements: [
      { actions: ["s3:GetReplicationConfiguration", "s3:ListBucket"], resources: [from.bucket.arn] },
      {
        actions: [
          "s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging",
          "s3:GetObjectRetention", "s3:GetObjectLegalHold",
        ],
        resources: [interpolate`${from.bucket.arn}/*`],
      },
      { actions: ["s3:ReplicateObject", "s3:ReplicateTags"], resources: [interpolate`${to.bucket.arn}/*`] },
      { actions: ["kms:Decrypt"], resources: [from.key.arn] },
      { actions: ["kms:Encrypt", "kms:GenerateDataKey"], resources: [to.key.arn] },
    ],
  }, parent);

  new BucketReplicationConfig(name, {
    bucket: from.bucket.bucket,
    role: role.arn,
    rules: [{
      id: "second-region",
      status: "Enabled",
      priority: 1,
      filter: {},
      deleteMarkerReplication: { status: "Disabled" },
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
      destination: {
        bucket: to.bucket.arn,
        storageClass: "STANDARD_IA",
        encryptionConfiguration: { replicaKmsKeyId: to.key.arn },
      },
    }],
  }, { parent, dependsOn: [from.versioning, to.versioning, policy] });
}
