import * as z from "zod/mini";
import type { ExportRequest, RemoveRequest } from "../../practice/contract/elasticache.ts";
import { elasticacheEnvironment } from "../../practice/contract/environment.ts";
import type { RunRequest, VerifyRequest } from "../../practice/contract/runner.ts";
import { expectContent, expectNumber } from "../backup/job.ts";
import type { BackupJob } from "../backup/run.ts";
import { readEnvironment } from "../runtime/environment.ts";
import { readScheduledTime } from "../runtime/scheduled-time.ts";

/** What ElastiCache runs, in the words of its API: a replication group of any number of shards, or a node without one. */
export type Exported = { readonly ReplicationGroupId: string } | { readonly CacheClusterId: string };

/** A Redis that ElastiCache runs, and where it exports it to. */
export interface ElastiCacheJob extends Omit<BackupJob, "scheduledAt"> {
  readonly of: Exported;
  /** Name of the bucket between. */
  readonly exportBucket: string;
}

export function readSetup(env: Readonly<Record<string, string | undefined>>): { readonly bucket: string; readonly job: ElastiCacheJob } {
  const { bucket, system, stack, source, database, sizeGiB, content, replicationGroup, cacheCluster, exportBucket } =
    readEnvironment(elasticacheEnvironment, env, ["content", "replicationGroup", "cacheCluster"]);
  return {
    bucket,
    job: {
      system, stack, source, database, engine: "redis", exportBucket, of: expectOne(replicationGroup, cacheCluster),
      sizeGiB: expectNumber(elasticacheEnvironment.sizeGiB, sizeGiB),
      ...(content === "" ? {} : { content: expectContent(content) }),
    },
  };
}

function expectOne(replicationGroup: string, cacheCluster: string): Exported {
  if ((replicationGroup === "") === (cacheCluster === "")) {
    throw new Error(`Expected one of ${elasticacheEnvironment.replicationGroup} and ${elasticacheEnvironment.cacheCluster}, ${cacheCluster === "" ? "none is" : "both are"} set. The component that declares this function sets one.`);
  }
  return cacheCluster === "" ? { ReplicationGroupId: replicationGroup } : { CacheClusterId: cacheCluster };
}

/** A step of a run, as the state machine asks for it. */
export type Step =
  | { readonly action: ExportRequest["action"]; readonly scheduledAt: Date; readonly startedAt: Date; readonly copying: boolean }
  | { readonly action: (RunRequest | VerifyRequest | RemoveRequest)["action"]; readonly scheduledAt: Date };

const requests = z.discriminatedUnion("action", [
  z.looseObject({ action: z.literal("export"), scheduledTime: z.unknown(), startedTime: z.unknown(), copying: z.boolean() }),
  z.looseObject({ action: z.enum(["run", "verify", "remove"]), scheduledTime: z.unknown() }),
]);

export function stepFrom(event: unknown): Step {
  const read = requests.safeParse(event);
  if (!read.success) throw new Error("Expected an event with the action export, a startedTime and copying, or with the action run, verify or remove, got another. The state machine of the backup asks so.", { cause: read.error });
  const step = read.data;
  const scheduledAt = readScheduledTime(step.scheduledTime, "the event's scheduledTime");
  if (step.action !== "export") return { action: step.action, scheduledAt };
  return { action: "export", scheduledAt, startedAt: readScheduledTime(step.startedTime, "the event's startedTime"), copying: step.copying };
}
