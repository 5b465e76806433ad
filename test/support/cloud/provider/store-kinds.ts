import {
  CreateAliasCommand, CreateKeyCommand, DeleteAliasCommand, DescribeKeyCommand, ScheduleKeyDeletionCommand,
} from "@aws-sdk/client-kms";
import {
  CreateBucketCommand, DeleteBucketCommand, GetBucketVersioningCommand, HeadBucketCommand, PutBucketVersioningCommand,
} from "@aws-sdk/client-s3";
import type { AliasArgs } from "@pulumi/aws/kms/alias.js";
import type { KeyArgs } from "@pulumi/aws/kms/key.js";
import type { BucketArgs } from "@pulumi/aws/s3/bucket.js";
import type { BucketVersioningArgs } from "@pulumi/aws/s3/bucketVersioning.js";
import type { Clients } from "./clients.ts";
import { type AnyKind, documentText, given, kind, present } from "./kind.ts";

/** Where backups lie, and the keys. */
export const storeKinds = ({ kms, s3 }: Clients): Readonly<Record<string, AnyKind>> => ({
  "aws:s3/bucket:Bucket": kind<BucketArgs>({
    create: async ({ bucket, region, objectLockEnabled }) => {
      const Bucket = present(bucket, "the name of a bucket");
      await s3.send(new CreateBucketCommand({
        Bucket,
        ObjectLockEnabledForBucket: objectLockEnabled,
        ...(region === undefined ? {} : { CreateBucketConfiguration: { LocationConstraint: region as "eu-central-1" } }),
      }));
      return { id: Bucket, outputs: { arn: `arn:aws:s3:::${Bucket}` } };
    },
    read: (id) => s3.send(new HeadBucketCommand({ Bucket: id })),
    delete: (id) => s3.send(new DeleteBucketCommand({ Bucket: id })),
    absent: ["NotFound"],
  }),

  "aws:s3/bucketVersioning:BucketVersioning": kind<BucketVersioningArgs>({
    create: async ({ bucket, versioningConfiguration: { status } }) => {
      await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: status as "Enabled" } }));
      return { id: bucket, outputs: {} };
    },
    read: (id) => s3.send(new GetBucketVersioningCommand({ Bucket: id })),
    // A bucket that once had versions has them for ever; AWS can only pause it.
    delete: (id) => s3.send(new PutBucketVersioningCommand({ Bucket: id, VersioningConfiguration: { Status: "Suspended" } })),
    absent: ["NoSuchBucket"],
  }),

  "aws:kms/key:Key": kind<KeyArgs>({
    create: async ({ description, policy, tags = {} }) => {
      const { KeyMetadata } = await kms.send(new CreateKeyCommand({
        Description: description, Tags: Object.entries(tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        ...(policy === undefined ? {} : { Policy: documentText(policy) }),
      }));
      const keyId = given(KeyMetadata?.KeyId, "the id of a key");
      return { id: keyId, outputs: { keyId, arn: given(KeyMetadata?.Arn, "the ARN of a key") } };
    },
    read: (id) => kms.send(new DescribeKeyCommand({ KeyId: id })),
    delete: (id, { deletionWindowInDays }) => kms.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: deletionWindowInDays })),
    absent: ["NotFoundException"],
  }),

  "aws:kms/alias:Alias": kind<AliasArgs>({
    create: async ({ name, targetKeyId }) => {
      const AliasName = present(name, "the name of an alias");
      await kms.send(new CreateAliasCommand({ AliasName, TargetKeyId: targetKeyId }));
      return { id: AliasName, outputs: {} };
    },
    read: (id) => kms.send(new DescribeKeyCommand({ KeyId: id })),
    delete: (id) => kms.send(new DeleteAliasCommand({ AliasName: id })),
    absent: ["NotFoundException"],
  }),
});
