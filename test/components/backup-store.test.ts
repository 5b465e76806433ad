import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketReplicationConfig } from "@pulumi/aws/s3/bucketReplicationConfig.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { describe, expect, it } from "vitest";
import { BackupStore, type BackupStoreArgs } from "../../components/backup-store.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import type { Settings } from "../../practice/config/settings.ts";
import { campus, entryOf, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";

const store = (parts: Partial<Settings> = {}, args: Partial<BackupStoreArgs> = {}) => {
  const plan = planFor(parts);
  return previewed(() => new BackupStore("campus-backups", { scope: scopeOf(plan), entry: entryOf(plan, "store"), ...args }));
};

describe("BackupStore", () => {
  it("protects and retains both buckets, both keys and the suffix of their names", async () => {
    const { byType } = await store();
    const survivors = [...byType(Bucket), ...byType(Key)];
    expect(survivors.map(({ name }) => name).toSorted()).toEqual(["campus-backups", "campus-backups", "campus-backups-replica", "campus-backups-replica"]);
    for (const { options } of survivors) expect(options).toMatchObject({ protect: true, retainOnDelete: true });
    expect((await store()).byType("random:index/randomId:RandomId")[0]?.options.protect).toBe(true);
  });

  it("never empties a bucket", async () => {
    const { byType } = await store();
    expect(byType(Bucket).map(({ inputs }) => inputs.forceDestroy)).toEqual([false, false]);
  });

  it("enables Object Lock at creation and locks nothing by default", async () => {
    const { byType } = await store();
    expect(byType(Bucket).map(({ inputs }) => inputs.objectLockEnabled)).toEqual([true, true]);
    expect(byType(BucketObjectLockConfiguration)).toEqual([]);
  });

  it("locks for the days that were asked for", async () => {
    const { byType } = await store({ store: { secondRegion: "eu-west-1", lock: { mode: "governance", days: 7 } } });
    expect(byType(BucketObjectLockConfiguration).map(({ inputs }) => inputs.rule)).toEqual(
      Array(2).fill({ defaultRetention: { mode: "GOVERNANCE", days: 7 } }));
  });

  it("is versioned, private, and encrypted with its own key", async () => {
    const { byType, byName } = await store();
    expect(byType(BucketVersioning).map(({ inputs }) => inputs.versioningConfiguration)).toEqual(Array(2).fill({ status: "Enabled" }));
    expect(byType(BucketPublicAccessBlock).map(({ inputs }) => inputs)).toMatchObject(
      Array(2).fill({ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true }));
    const encryption = byName("campus-backups", BucketServerSideEncryptionConfiguration);
    expect(encryption.inputs.rules).toMatchObject([{ bucketKeyEnabled: true, applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }]);
    expect(encryption.propertyDependencies.rules).toEqual([byName("campus-backups", Key).urn]);
    expect(byName("campus-backups", Key).inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  });

  it("denies both buckets, and all that lies in them, to connections that are not encrypted", async () => {
    const { byType, byName } = await store();
    expect(byType(BucketPolicy)).toHaveLength(2);
    for (const name of ["campus-backups", "campus-backups-replica"]) {
      const { inputs, propertyDependencies } = byName(name, BucketPolicy);
      expect(inputs.policy).toMatchObject({
        Statement: [{ Effect: "Deny", Principal: "*", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } }],
      });
      expect((inputs.policy as { Statement: readonly [{ Resource: readonly unknown[] }] }).Statement[0].Resource).toHaveLength(2);
      expect(propertyDependencies).toMatchObject({ bucket: [byName(name, Bucket).urn], policy: [byName(name, Bucket).urn] });
    }
  });

  it("lets only superseded backups expire, and sweeps versions, markers and unfinished uploads", async () => {
    const configurations = (await store()).byType(BucketLifecycleConfiguration);
    expect(configurations).toHaveLength(2);
    for (const { inputs } of configurations) {
      expect(inputs.rules).toEqual([
        { id: "expire-superseded", status: "Enabled", filter: { tag: { key: "upkeep:superseded", value: "true" } }, expiration: { days: 1 } },
        {
          id: "sweep", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true },
          noncurrentVersionExpiration: { noncurrentDays: 7 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
        },
      ]);
    }
  });

  it("copies to the second region without deletions, under the second region's key", async () => {
    const { byType, byName } = await store();
    expect(byName("campus-backups-replica", Bucket).inputs.region).toBe("eu-west-1");
    const [copy] = byType(BucketReplicationConfig);
    expect(copy?.inputs.rules).toMatchObject([{
      status: "Enabled", deleteMarkerReplication: { status: "Disabled" },
      // Without it S3 skips what is encrypted with KMS, which is every backup.
      sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
    }]);
    expect(copy?.propertyDependencies.rules).toEqual(expect.arrayContaining([
      byName("campus-backups-replica", Bucket).urn, byName("campus-backups-replica", Key).urn,
    ]));
  });

  it("has one bucket and no copy without a second region", async () => {
    const { byType } = await store({ store: {}, system: { ...campus().system, production: false } });
    expect(byType(Bucket)).toHaveLength(1);
    expect(byType(BucketReplicationConfig)).toEqual([]);
  });

  it("lets an override have the last word", async () => {
    const { byName } = await store({}, { overrides: { bucket: (bucket) => ({ ...bucket, bucket: "named-by-hand" }) } });
    expect(byName("campus-backups", Bucket).inputs.bucket).toBe("named-by-hand");
  });

  it("keeps its names when labels change", async () => {
    const names = (resources: Awaited<ReturnType<typeof store>>) => resources.resources.map(({ urn }) => urn);
    const relabelled = campus();
    expect(names(await store({ system: { ...relabelled.system, owner: "someone@else.example" } }))).toEqual(names(await store()));
  });
});
