import { HeadBucketCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import type { Xml } from "./xml.ts";

/** An error of the API, by the code in its model. */
export class Fault extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** A replication group, or a node without one. */
export interface Source {
  readonly kind: "group" | "cluster";
  readonly engine?: string;
  readonly engineVersion?: string;
  readonly dataTiering?: boolean;
  readonly status?: string;
  /** Snapshots of its shards as they are now, RDB. */
  readonly shards: () => Promise<readonly Uint8Array[]>;
}

interface Taken {
  readonly source: string;
  status: string;
  /** DescribeSnapshots that are answered with the present status. */
  looks: number;
  readonly takenAt: Date;
  readonly shards: readonly Uint8Array[];
  /** The bucket that it goes to. */
  copyTo?: string;
}

export interface World {
  readonly s3: S3Client;
  readonly clock: () => Date;
  readonly sources: Map<string, Source>;
  readonly snapshots: Map<string, Taken>;
  /** The next request of an action fails so. */
  readonly faults: { readonly next: Map<string, { readonly fault: Error; readonly always?: boolean }> };
  looksUntilAvailable: number;
  looksUntilExported: number;
  /** In place of what a shard has: what is written of it. Nothing: it never comes. */
  exported?: (shard: Uint8Array, index: number) => Uint8Array | undefined;
}

type Parameters = Readonly<Record<string, string>>;
interface Taught {
  readonly parameters: readonly string[];
  readonly act: (world: World, parameters: Parameters) => Promise<Xml> | Xml;
}

const OF = ["ReplicationGroupId", "CacheClusterId"] as const;

/** A group's name is for a group, a node's for a node: AWS knows neither by the other. */
function sourceOf({ sources }: World, parameters: Parameters): readonly [string, Source] {
  const [kind, id] = parameters["ReplicationGroupId"] === undefined ? ["cluster", parameters["CacheClusterId"] ?? ""] : ["group", parameters["ReplicationGroupId"]];
  const source = sources.get(id);
  if (source?.kind === kind) return [id, source];
  throw kind === "group" ? new Fault("ReplicationGroupNotFoundFault", `ReplicationGroup ${id} not found.`, 404) : new Fault("CacheClusterNotFound", `CacheCluster not found: ${id}`, 404);
}

const shardId = (index: number): string => String(index + 1).padStart(4, "0");

function described(world: World, name: string, taken: Taken): Xml {
  const { engine = "redis", engineVersion = "7.0.7", dataTiering = false, kind } = world.sources.get(taken.source) ?? { kind: "group" };
  return {
    SnapshotName: name, SnapshotStatus: taken.status, SnapshotSource: "manual", Engine: engine, EngineVersion: engineVersion, DataTiering: dataTiering ? "enabled" : "disabled",
    ...(kind === "group" ? { ReplicationGroupId: taken.source } : { CacheClusterId: taken.source }),
    NodeSnapshots: { NodeSnapshot: taken.shards.map((_, index) => ({
      CacheClusterId: `${taken.source}-${shardId(index)}-001`, NodeGroupId: shardId(index),
      ...(taken.status === "creating" ? {} : { SnapshotCreateTime: taken.takenAt.toISOString() }),
    })) },
  };
}

const endpoint = (id: string): Xml => ({ Address: `master.${id}.abc123.euc1.cache.amazonaws.com`, Port: 6379 });

/** A look is what time is elsewhere. */
async function pass(world: World, name: string, taken: Taken): Promise<void> {
  if (taken.status !== "creating" && taken.status !== "exporting") return;
  if (taken.looks > 0) {
    taken.looks -= 1;
    return;
  }
  if (taken.status === "exporting") {
    for (const [index, shard] of taken.shards.entries()) {
      const body = world.exported === undefined ? shard : world.exported(shard, index);
      if (body !== undefined) await world.s3.send(new PutObjectCommand({ Bucket: taken.copyTo ?? "", Key: `${name}-${shardId(index)}.rdb`, Body: body }));
    }
  }
  taken.status = "available";
}

function expectSnapshot({ snapshots }: World, name: string): Taken {
  const taken = snapshots.get(name);
  if (taken === undefined) throw new Fault("SnapshotNotFoundFault", `Snapshot not found: ${name}`, 404);
  return taken;
}

export const taughtActions: Readonly<Record<string, Taught>> = {
  DescribeReplicationGroups: {
    parameters: ["ReplicationGroupId"],
    act: (world, parameters) => {
      const [id, { engine = "redis", dataTiering = false, status = "available" }] = sourceOf(world, parameters);
      return { ReplicationGroups: { ReplicationGroup: [{ ReplicationGroupId: id, Status: status, Engine: engine, DataTiering: dataTiering ? "enabled" : "disabled", NodeGroups: { NodeGroup: [{ NodeGroupId: "0001", PrimaryEndpoint: endpoint(id) }] } }] } };
    },
  },
  DescribeCacheClusters: {
    parameters: ["CacheClusterId", "ShowCacheNodeInfo"],
    act: (world, parameters) => {
      const [id, { engine = "redis" }] = sourceOf(world, parameters);
      return { CacheClusters: { CacheCluster: [{ CacheClusterId: id, Engine: engine, ...(parameters["ShowCacheNodeInfo"] === "true" ? { CacheNodes: { CacheNode: [{ CacheNodeId: "0001", Endpoint: endpoint(id) }] } } : {}) }] } };
    },
  },
  DescribeSnapshots: {
    parameters: ["SnapshotName", "SnapshotSource", ...OF],
    act: async (world, { SnapshotName: name, ...rest }) => {
      if (name !== undefined) {
        const taken = expectSnapshot(world, name);
        await pass(world, name, taken);
        return { Snapshots: { Snapshot: [described(world, name, taken)] } };
      }
      if (rest["SnapshotSource"] !== "user") throw new Error("Expected to be asked for the snapshots that people take.");
      const [id] = sourceOf(world, rest);
      return { Snapshots: { Snapshot: [...world.snapshots].filter(([, { source }]) => source === id).map(([other, taken]) => described(world, other, taken)) } };
    },
  },
  CreateSnapshot: {
    parameters: ["SnapshotName", ...OF],
    act: async (world, parameters) => {
      const [id, { status = "available", kind, shards }] = sourceOf(world, parameters);
      const name = (parameters["SnapshotName"] ?? "").toLowerCase();
      if (world.snapshots.has(name)) throw new Fault("SnapshotAlreadyExistsFault", `Snapshot with specified name already exists: ${name}`);
      if (status !== "available") throw new Fault(kind === "group" ? "InvalidReplicationGroupState" : "InvalidCacheClusterState", `${id} is not in the available state: ${status}`);
      const taken: Taken = { source: id, status: "creating", looks: world.looksUntilAvailable, takenAt: world.clock(), shards: await shards() };
      world.snapshots.set(name, taken);
      return { Snapshot: described(world, name, taken) };
    },
  },
  CopySnapshot: {
    parameters: ["SourceSnapshotName", "TargetSnapshotName", "TargetBucket"],
    act: async (world, { SourceSnapshotName: name = "", TargetSnapshotName: target = "", TargetBucket: bucket = "" }) => {
      const taken = expectSnapshot(world, name);
      if (taken.status !== "available") throw new Fault("InvalidSnapshotState", `Snapshot ${name} is not in the available state: ${taken.status}`);
      if (target !== name) throw new Error(`Expected an export under the name of its snapshot, got ${target}.`);
      await world.s3.send(new HeadBucketCommand({ Bucket: bucket })).catch(() => {
        throw new Fault("InvalidParameterValue", `The S3 bucket ${bucket} does not exist.`);
      });
      const { Contents = [] } = await world.s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: `${target}-` }));
      const there = Contents.find(({ Key }) => taken.shards.some((_, index) => Key === `${target}-${shardId(index)}.rdb`));
      if (there !== undefined) throw new Fault("InvalidParameterValue", `The S3 bucket ${bucket} already contains an object with key ${there.Key}.`);
      Object.assign(taken, { status: "exporting", looks: world.looksUntilExported, copyTo: bucket });
      return { Snapshot: described(world, target, taken) };
    },
  },
  DeleteSnapshot: {
    parameters: ["SnapshotName"],
    act: (world, { SnapshotName: name = "" }) => {
      const taken = expectSnapshot(world, name);
      if (taken.status !== "available" && taken.status !== "failed") throw new Fault("InvalidSnapshotState", `Snapshot ${name} cannot be deleted while it is ${taken.status}`);
      world.snapshots.delete(name);
      return { Snapshot: described(world, name, { ...taken, status: "deleting" }) };
    },
  },
};
