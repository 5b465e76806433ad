import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
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
    for (const { inputs } of (await store()).byType(Bucket)) expect(inputs.forceDestroy).toBe(false);
  });

  it("enables Object Lock at creation and locks nothing by default", async () => {
    const { byType } = await store();
    for (const { inputs } of byType(Bucket)) expect(inputs.objectLockEnabled).toBe(true);
    expect(byType(BucketObjectLockConfiguration)).toEqual([]);
  });

  it("locks for the days that were asked for", async () => {
    const { byType } = await store({ store: { secondRegion: "eu-west-1", lock: { mode: "governance", days: 7 } } });
    expect(byType(BucketObjectLockConfiguration).map(({ inputs }) => inputs.rule)).toEqual(
      Array(2).fill({ defaultRetention: { mode: "GOVERNANCE", days: 7 } }));
  });

  it("is versioned, private, and encrypted with its own key", async () => {
    const { byType, byName } = await store();
    for (const { inputs } of byType(BucketVersioning)) expect(inputs.versioningConfiguration).toEqual({ status: "Enabled" });
    for (const { inputs } of byType(BucketPublicAccessBlock)) {
      expect(inputs).toMatchObject({ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true });
    }
    const encryption = byName("campus-backups", BucketServerSideEncryptionConfiguration);
    expect(encryption.inputs.rules).toMatchObject([{ bucketKeyEnabled: true, applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms" } }]);
    expect(encryption.propertyDependencies.rules).toEqual([byName("campus-backups", Key).urn]);
    expect(byName("campus-backups", Key).inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
  });

  it("lets only superseded backups expire, and sweeps versions, markers and unfinished uploads", async () => {
    for (const { inputs } of (await store()).byType(BucketLifecycleConfiguration)) {
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
    expect(copy?.inputs.rules).toMatchObject([{ status: "Enabled", deleteMarkerReplication: { status: "Disabled" } }]);
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
