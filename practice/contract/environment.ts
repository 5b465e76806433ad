import type { VerificationLevel } from "./evidence.ts";

/** Names of the environment variables that a component sets and its handler reads. None of them holds a secret. */

const commonEnvironment = {
  system: "UPKEEP_SYSTEM",
  stack: "UPKEEP_STACK",
  bucket: "UPKEEP_STORE_BUCKET",
} as const;

export const backupEnvironment = {
  ...commonEnvironment,
  source: "UPKEEP_SOURCE",
  engine: "UPKEEP_ENGINE",
  /** Database name; for `files` the bucket to copy, or on a host the absolute path of a folder. */
  database: "UPKEEP_DATABASE",
  /** Name of the Secrets Manager secret; absent for `files` and for a public repository. */
  secret: "UPKEEP_SECRET",
  /** Host from the stack file, used where the secret names none, as those that RDS manages; empty: the secret names it. */
  host: "UPKEEP_HOST",
  /** TCP port from the stack file, used where the secret names none; absent for `files` and for Atlas, which DNS finds. */
  port: "UPKEEP_PORT",
  /** What is exported, JSON: a list of `ExportedTable`; empty where a whole database is dumped. */
  exports: "UPKEEP_EXPORTS",
  /** Expected size, GiB: chooses the part size of the upload. */
  sizeGiB: "UPKEEP_SIZE_GIB",
  /** Whether counts and hashes are taken of what is dumped; empty: they are (`full`). */
  content: "UPKEEP_CONTENT",
} as const;

/** For the program of a host, beside what a backup function is told. */
export const hostEnvironment = {
  /** Expression of EventBridge Scheduler, and the IANA zone that it is meant in: the host computes which run is due. */
  schedule: "UPKEEP_SCHEDULE",
  timeZone: "UPKEEP_TIME_ZONE",
  logGroup: "UPKEEP_LOG_GROUP",
  logStream: "UPKEEP_LOG_STREAM",
  /** Where the database programs lie, packed as their layer is; empty where files are backed up. */
  toolsArchive: "UPKEEP_TOOLS_ARCHIVE",
} as const;

/** For the function that copies a bucket's objects one by one. */
export const copiesEnvironment = {
  ...commonEnvironment,
  source: backupEnvironment.source,
  /** The bucket to copy. */
  database: backupEnvironment.database,
  sizeGiB: backupEnvironment.sizeGiB,
} as const;

/** For the function that has ElastiCache export a snapshot, and stores it. Of the two names of what is exported, one is empty. */
export const elasticacheEnvironment = {
  ...commonEnvironment,
  source: backupEnvironment.source,
  sizeGiB: backupEnvironment.sizeGiB,
  /** Number of the logical database that must not be empty. */
  database: backupEnvironment.database,
  content: backupEnvironment.content,
  replicationGroup: "UPKEEP_REPLICATION_GROUP",
  cacheCluster: "UPKEEP_CACHE_CLUSTER",
  /** The bucket that ElastiCache exports into. */
  exportBucket: "UPKEEP_EXPORT_BUCKET",
} as const;

/** For the function that archives what the stack needs to be rebuilt. Lists are JSON; the two of the state are empty where Pulumi keeps it elsewhere. */
export const configurationEnvironment = {
  ...commonEnvironment,
  source: backupEnvironment.source,
  sizeGiB: backupEnvironment.sizeGiB,
  /** Paths of SSM parameters, each with a slash at its end. */
  parameters: "UPKEEP_PARAMETERS",
  /** Names of Secrets Manager secrets. */
  secrets: "UPKEEP_SECRETS",
  stateBucket: "UPKEEP_STATE_BUCKET",
  stateObject: "UPKEEP_STATE_OBJECT",
} as const;

/** For the function that checks one source. The replica is as below. */
export const verificationEnvironment = {
  ...commonEnvironment,
  source: backupEnvironment.source,
  engine: backupEnvironment.engine,
  /** Days that a backup is kept: older ones may be half gone. */
  keepDays: "UPKEEP_KEEP_DAYS",
  replicaBucket: "UPKEEP_REPLICA_BUCKET",
  replicaRegion: "UPKEEP_REPLICA_REGION",
} as const;

/** For the task that restores a source's newest backup into a server beside itself. Where that is, nobody can say: see `scratch.ts`. */
export const drillEnvironment = {
  ...commonEnvironment,
  source: backupEnvironment.source,
  engine: backupEnvironment.engine,
  /** TCP port of the server beside the task. */
  port: backupEnvironment.port,
  /** A question to the restored database; empty: none. */
  smoke: "UPKEEP_SMOKE",
} as const;

/** Folder of the database programs. Default: where a Lambda layer puts them. */
export const toolsFolder = { name: "UPKEEP_TOOLS", default: "/opt/bin" } as const;

/** For evidence and retention. Sources as JSON: `[{"source":"catalogue","keepDays":30}]`. The replica is the bucket of the second region: both empty when there is none. */
export const storeEnvironment = {
  ...commonEnvironment,
  sources: "UPKEEP_SOURCES",
  replicaBucket: "UPKEEP_REPLICA_BUCKET",
  replicaRegion: "UPKEEP_REPLICA_REGION",
} as const;

/** What the functions of the store are told of a source. */
export interface SourceRetention {
  readonly source: string;
  readonly keepDays: number;
  /** Levels at which the source is checked on schedule. Default: none. */
  readonly levels?: readonly VerificationLevel[];
}
