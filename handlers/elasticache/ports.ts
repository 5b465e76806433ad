import type { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { snapshotName } from "../../practice/contract/elasticache.ts";
import type { Bucket } from "../store/s3/objects.ts";
import type { Store } from "../store/store.ts";
import type { ElastiCacheJob } from "./job.ts";

export interface ElastiCachePorts {
  readonly elasticache: ElastiCacheClient;
  /** Where backups lie. */
  readonly store: Store;
  /** Where ElastiCache puts its exports. */
  readonly exports: Bucket;
  readonly now: () => Date;
  /** Names this attempt at a run; never the same twice. */
  readonly attempt: string;
  readonly signal: AbortSignal;
}

/** Of the snapshot of one run, and of its export. */
export const nameOf = ({ system, stack, source }: ElastiCacheJob, scheduledAt: Date): string => snapshotName({ system: { name: system }, stack }, source, scheduledAt);
