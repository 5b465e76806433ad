import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { RandomId } from "@pulumi/random/randomId.js";
import type { StoreEntry } from "../practice/plan/entries.ts";
import { scopeName, storeBucketPrefix } from "../practice/contract/names.ts";
import { replicate } from "./internal/replication.ts";
import type { Scope } from "./internal/scope.ts";
import { storeBucket, type StoreBucket, type StoreBucketOverrides } from "./internal/store-bucket.ts";

export interface BackupStoreArgs {
  readonly scope: Scope;
  readonly entry: StoreEntry;
  /** Last word on the arguments of the buckets and of their lifecycles; both regions alike. */
  readonly overrides?: StoreBucketOverrides;
}

/** One copy of the store, as others need to name it. */
export interface StoreCopy {
  readonly region: string;
  readonly bucketName: Output<string>;
  readonly bucketArn: Output<string>;
  readonly keyArn: Output<string>;
}

/** Where backups lie: it outlives the stack that made it, and in production a second region holds it too. */
export class BackupStore extends ComponentResource {
  static readonly type = "upkeep:backup:BackupStore";

  readonly primary: StoreCopy;
  /** Absent without a second region. */
  readonly replica?: StoreCopy;

  constructor(name: string, { scope, entry, overrides }: BackupStoreArgs, opts?: ComponentResourceOptions) {
    // All of it survives, not only bucket and key: a bucket that stays without its privacy and encryption is worse than none.
    super(BackupStore.type, name, { entry }, { retainOnDelete: true, ...opts });
    const naming = storeBucketPrefix(scope);
    const keyAlias = `${scopeName(scope)}-backups`;

    // Bucket names are unique in the world. Protected: another suffix would mean other, empty buckets.
    const suffix = new RandomId(name, { byteLength: 4 }, { parent: this, protect: true });

    const primary = storeBucket(name, {
      scope, entry, region: scope.region, bucketName: interpolate`${naming}${suffix.hex}`, keyAlias, ...(overrides && { overrides }),
    }, this);
    this.primary = copyOf(primary, scope.region);

    if (entry.secondRegion !== undefined) {
      const replica = storeBucket(`${name}-replica`, {
        scope, entry, region: entry.secondRegion, bucketName: interpolate`${naming}${suffix.hex}-replica`, keyAlias, ...(overrides && { overrides }),
      }, this);
      replicate(name, scope, primary, replica, this);
      this.replica = copyOf(replica, entry.secondRegion);
    }

    this.registerOutputs({ primary: this.primary, replica: this.replica });
  }
}

const copyOf = ({ bucket, key }: StoreBucket, region: string): StoreCopy =>
  ({ region, bucketName: bucket.bucket, bucketArn: bucket.arn, keyArn: key.arn });
