import {
  CopySnapshotCommand, CreateSnapshotCommand, DeleteSnapshotCommand, DescribeSnapshotsCommand, type ElastiCacheClient,
  ElastiCacheServiceException, InvalidCacheClusterStateFault, InvalidReplicationGroupStateFault, InvalidSnapshotStateFault, paginateDescribeSnapshots,
  type Snapshot as Described, SnapshotAlreadyExistsFault, SnapshotFeatureNotSupportedFault, SnapshotNotFoundFault, SnapshotQuotaExceededFault,
} from "@aws-sdk/client-elasticache";
import { leftBehindHours } from "../../practice/contract/elasticache.ts";
import type { Exported } from "./job.ts";
import { named } from "./source.ts";

/** A snapshot as ElastiCache describes it, as far as a backup asks. */
export interface CacheSnapshot {
  readonly name: string;
  /** `creating`, `available`, `copying`, `deleting`, and what else ElastiCache may say. */
  readonly status: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly dataTiering: boolean;
  /** One for each shard. */
  readonly shards: readonly { readonly node: string; readonly takenAt: Date | undefined }[];
}

/** What ElastiCache is asked for, in our words and with the way out of its refusals. */
export interface Snapshots {
  readonly find: (name: string) => Promise<CacheSnapshot | undefined>;
  /** Of the same thing, taken by people or by us. */
  readonly all: () => Promise<readonly CacheSnapshot[]>;
  /** `busy`: not now, in ElastiCache's words. */
  readonly create: (name: string) => Promise<CacheSnapshot | { readonly busy: string }>;
  /** False when it is under way, or done, already. */
  readonly copy: (name: string, bucket: string) => Promise<boolean>;
  /** False when there is none of this name. */
  readonly remove: (name: string) => Promise<boolean>;
}

export const snapshotsOf = (client: ElastiCacheClient, of: Exported, abortSignal: AbortSignal): Snapshots => ({
  find: async (name) => {
    try {
      const { Snapshots: [found] = [] } = await client.send(new DescribeSnapshotsCommand({ SnapshotName: name }), { abortSignal });
      return found === undefined ? undefined : snapshotFrom(found);
    } catch (error) {
      if (error instanceof SnapshotNotFoundFault) return undefined;
      throw error;
    }
  },
  all: async () => {
    const found: CacheSnapshot[] = [];
    for await (const { Snapshots: page = [] } of paginateDescribeSnapshots({ client }, { ...of, SnapshotSource: "user" }, { abortSignal })) found.push(...page.map(snapshotFrom));
    return found;
  },
  create: async (name) => {
    try {
      const { Snapshot: made } = await client.send(new CreateSnapshotCommand({ ...of, SnapshotName: name }), { abortSignal });
      if (made === undefined) throw new Error(`Expected ElastiCache to describe the snapshot ${name} that it was asked for, it does not.`);
      return snapshotFrom(made);
    } catch (error) {
      // Another delivery of this run asked between our look and our question; the next look finds what it made.
      if (error instanceof SnapshotAlreadyExistsFault) return { busy: `the snapshot ${name} was just asked for` };
      if (error instanceof InvalidReplicationGroupStateFault || error instanceof InvalidCacheClusterStateFault) return { busy: error.message };
      throw refused(error, of);
    }
  },
  copy: async (name, bucket) => {
    try {
      await client.send(new CopySnapshotCommand({ SourceSnapshotName: name, TargetSnapshotName: name, TargetBucket: bucket }), { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof SnapshotAlreadyExistsFault || error instanceof InvalidSnapshotStateFault || isThere(error)) return false;
      throw new Error(`Expected ElastiCache to export the snapshot ${name} into ${bucket}, it refused: ${messageOf(error)}. The bucket's policy lets it in, and the function's role may do what its guide asks for: \`pulumi up\` sets both again.`, { cause: error });
    }
  },
  remove: async (name) => {
    try {
      await client.send(new DeleteSnapshotCommand({ SnapshotName: name }), { abortSignal });
      return true;
    } catch (error) {
      if (error instanceof SnapshotNotFoundFault) return false;
      throw new Error(`Expected ElastiCache to delete the snapshot ${name}, it refused: ${messageOf(error)}. A later run deletes it once it is ${leftBehindHours} hours old; or delete it by hand.`, { cause: error });
    }
  },
});

/** Without its last full stop: it becomes a part of a sentence. */
const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");

/** Of the errors of CopySnapshot, one means that it was done before; it has no name of its own (API reference, CopySnapshot). */
const isThere = (error: unknown): boolean => error instanceof ElastiCacheServiceException && /already contains an object with key/i.test(error.message);

function refused(error: unknown, of: Exported): unknown {
  const said = `Expected ElastiCache to take a snapshot of ${named(of)}, it refused: ${messageOf(error)}.`;
  if (error instanceof SnapshotQuotaExceededFault) return new Error(`${said} It takes 20 of a node within 24 hours, whoever asks. Ask for fewer, and start this run again.`, { cause: error });
  if (error instanceof SnapshotFeatureNotSupportedFault) return new Error(`${said} Nodes of the type cache.t1.micro have none. Choose another type, or remove the backup.`, { cause: error });
  return error;
}

function snapshotFrom({ SnapshotName = "", SnapshotStatus = "", Engine = "", EngineVersion = "", DataTiering, NodeSnapshots = [] }: Described): CacheSnapshot {
  return {
    name: SnapshotName, status: SnapshotStatus, engine: Engine, engineVersion: EngineVersion, dataTiering: DataTiering === "enabled",
    shards: NodeSnapshots.map(({ CacheClusterId = "", NodeGroupId, SnapshotCreateTime }) => ({ node: NodeGroupId === undefined ? CacheClusterId : `${CacheClusterId} (shard ${NodeGroupId})`, takenAt: SnapshotCreateTime })),
  };
}
