import {
  CacheClusterNotFoundFault, DescribeCacheClustersCommand, DescribeReplicationGroupsCommand, type ElastiCacheClient, type Endpoint, ReplicationGroupNotFoundFault,
} from "@aws-sdk/client-elasticache";
import type { Exported } from "./job.ts";

/** What is exported, before a snapshot is asked for. */
export interface CacheFacts {
  /** `redis`, `valkey` or `memcached`; empty where ElastiCache does not say. */
  readonly engine: string;
  readonly dataTiering: boolean;
  /** `host:port` by which its clients reach it: what is restored never goes there. Undefined where ElastiCache names none. */
  readonly address: string | undefined;
}

export const named = (of: Exported): string => ("ReplicationGroupId" in of ? `the replication group ${of.ReplicationGroupId}` : `the cluster ${of.CacheClusterId}`);

/** Looks at what is to be exported. */
export async function factsOf(client: ElastiCacheClient, of: Exported, abortSignal: AbortSignal): Promise<CacheFacts> {
  try {
    return "ReplicationGroupId" in of ? await factsOfGroup(client, of, abortSignal) : await factsOfCluster(client, of, abortSignal);
  } catch (error) {
    if (!(error instanceof ReplicationGroupNotFoundFault || error instanceof CacheClusterNotFoundFault)) throw error;
    throw new Error(`Expected ${named(of)} in ElastiCache, there is none in this account and region. Write the id that ElastiCache shows under \`elasticache\` into the stack file.`, { cause: error });
  }
}

async function factsOfGroup(client: ElastiCacheClient, of: Extract<Exported, { readonly ReplicationGroupId: string }>, abortSignal: AbortSignal): Promise<CacheFacts> {
  const { ReplicationGroups: [group] = [] } = await client.send(new DescribeReplicationGroupsCommand(of), { abortSignal });
  return {
    engine: group?.Engine ?? "", dataTiering: group?.DataTiering === "enabled",
    address: addressOf(group?.ConfigurationEndpoint ?? group?.NodeGroups?.[0]?.PrimaryEndpoint),
  };
}

async function factsOfCluster(client: ElastiCacheClient, of: Extract<Exported, { readonly CacheClusterId: string }>, abortSignal: AbortSignal): Promise<CacheFacts> {
  const { CacheClusters: [cluster] = [] } = await client.send(new DescribeCacheClustersCommand({ ...of, ShowCacheNodeInfo: true }), { abortSignal });
  return { engine: cluster?.Engine ?? "", dataTiering: false, address: addressOf(cluster?.CacheNodes?.[0]?.Endpoint) };
}

const addressOf = (endpoint: Endpoint | undefined): string | undefined =>
  (endpoint?.Address === undefined || endpoint.Port === undefined ? undefined : `${endpoint.Address}:${endpoint.Port}`);
