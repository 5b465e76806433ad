/** What a handler may be allowed on, named by its part in the practice; components put ARNs in their place. */
export type GrantTarget =
  | "store-bucket" | "store-objects" | "store-key"
  /** The evidence of one source, in the store. */
  | "evidence-objects"
  /** What a backup by copies leaves for its own steps, in the store. */
  | "work-objects"
  | "replica-bucket" | "replica-objects" | "replica-key"
  | "source-bucket" | "source-objects" | "source-key"
  | "secret" | "secret-key"
  /** What a host runs, and where it says how that went. */
  | "host-code" | "host-log"
  /** What a configuration is made of. */
  | "parameters" | "described-secrets" | "dashboards" | "schedules" | "state-machines" | "state-bucket" | "state-objects" | "state-key"
  /** What ElastiCache runs, its snapshots of ours, and where it puts its exports. */
  | "replication-group" | "cache-cluster" | "elasticache-snapshots" | "export-bucket" | "export-objects"
  /** Lists of all that an account has: AWS lets nothing be named for them. */
  | "lists"
  | "metrics";

/** Declared beside the handler that needs it, transcribed into its role, compared with the calls it makes. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on: GrantTarget;
  /** Why, where it is not obvious; obliged where the resource cannot be named. */
  readonly reason?: string;
}

/** What every backup does with the store: look for the manifest of its run, write a dump, read its checksum, commit. */
const writeBackupGrants: readonly Grant[] = [
  { actions: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject"], on: "store-objects" },
  { actions: ["s3:ListBucket"], on: "store-bucket", reason: "Without it a missing manifest answers 403 instead of 404." },
  { actions: ["kms:GenerateDataKey", "kms:Decrypt"], on: "store-key", reason: "A multipart upload decrypts its own parts." },
];

const readSecretGrants: readonly Grant[] = [
  { actions: ["secretsmanager:GetSecretValue"], on: "secret" },
  { actions: ["kms:Decrypt"], on: "secret-key" },
];

export const backupDatabaseGrants: readonly Grant[] = [...readSecretGrants, ...writeBackupGrants];

/** What it reads lies outside the account; of the account it reads the token alone. */
export const backupRepositoryGrants: readonly Grant[] = [...readSecretGrants, ...writeBackupGrants];

/** Of a machine that backs itself up, for its own sources alone: it shares its role with all that runs on it. */
export const backupOnHostGrants: readonly Grant[] = [
  { actions: ["s3:GetObjectVersion"], on: "host-code", reason: "The code is fetched in the version that was deployed." },
  ...backupDatabaseGrants,
  { actions: ["logs:PutLogEvents"], on: "host-log" },
];

export const backupFilesGrants: readonly Grant[] = [
  { actions: ["s3:ListBucket"], on: "source-bucket" },
  { actions: ["s3:GetObject"], on: "source-objects" },
  { actions: ["kms:Decrypt"], on: "source-key", reason: "S3 opens an encrypted object with the reader's own rights." },
  ...writeBackupGrants,
];

/** Has S3 copy what it lists, compares with the list before, and leaves work for its own steps. It may mark nothing else. */
export const backupCopiesGrants: readonly Grant[] = [
  { actions: ["s3:ListBucket", "s3:ListBucketVersions"], on: "source-bucket" },
  { actions: ["s3:GetObject", "s3:GetObjectVersion"], on: "source-objects" },
  { actions: ["kms:Decrypt"], on: "source-key", reason: "S3 opens an encrypted object with the reader's own rights." },
  ...writeBackupGrants,
  { actions: ["s3:GetObjectVersion"], on: "store-objects", reason: "The list before is read in the version that its manifest names." },
  { actions: ["s3:GetObjectTagging"], on: "store-objects", reason: "A list that may expire is nothing to build on." },
  { actions: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject"], on: "work-objects" },
  { actions: ["s3:PutObjectTagging"], on: "work-objects", reason: "Work is marked from its beginning, so that it expires by itself." },
];

/**
 * Has ElastiCache take a snapshot and export it, reads the export, and removes both. What of it ElastiCache asks for in the
 * caller's name, its guide says (Exporting a backup: required IAM permissions for the caller).
 */
export const backupElasticacheGrants: readonly Grant[] = [
  { actions: ["elasticache:DescribeReplicationGroups", "elasticache:CreateSnapshot"], on: "replication-group", reason: "A snapshot is made of one thing, under one name: both are asked for." },
  { actions: ["elasticache:DescribeCacheClusters", "elasticache:CreateSnapshot"], on: "cache-cluster", reason: "In place of a group, a node without one." },
  { actions: ["elasticache:DescribeSnapshots"], on: "lists", reason: "What was left behind has a name that nobody knows: all snapshots are listed." },
  { actions: ["elasticache:CreateSnapshot", "elasticache:CopySnapshot", "elasticache:DeleteSnapshot"], on: "elasticache-snapshots" },
  { actions: ["s3:ListBucket", "s3:GetBucketLocation"], on: "export-bucket" },
  { actions: ["s3:GetObject", "s3:DeleteObject", "s3:PutObject"], on: "export-objects" },
  { actions: ["s3:ListAllMyBuckets"], on: "lists", reason: "ElastiCache looks for the bucket among all of the caller's; named for one, the right has no effect." },
  ...writeBackupGrants,
];

/** Reads what things are called and how they are set, and the value of no secret. */
export const backupConfigurationGrants: readonly Grant[] = [
  { actions: ["ssm:GetParametersByPath"], on: "parameters" },
  { actions: ["secretsmanager:DescribeSecret"], on: "described-secrets" },
  { actions: ["cloudwatch:DescribeAlarms"], on: "lists", reason: "CloudWatch leaves composite alarms out for whoever may not describe all." },
  { actions: ["cloudwatch:ListDashboards", "scheduler:ListSchedules", "states:ListStateMachines", "lambda:ListFunctions"], on: "lists", reason: "Lists have no resource." },
  { actions: ["cloudwatch:GetDashboard"], on: "dashboards" },
  { actions: ["scheduler:GetSchedule"], on: "schedules" },
  { actions: ["states:DescribeStateMachine"], on: "state-machines" },
  { actions: ["s3:GetObject"], on: "state-objects" },
  { actions: ["s3:ListBucket"], on: "state-bucket", reason: "Without it a state that is not there answers 403 instead of 404." },
  { actions: ["kms:Decrypt"], on: "state-key", reason: "S3 opens an encrypted object with the reader's own rights." },
  ...writeBackupGrants,
];

/** Reading the store needs all three: S3 hides what is missing and KMS what is encrypted, checksums included. */
const readStoreGrants: readonly Grant[] = [
  { actions: ["s3:ListBucket"], on: "store-bucket" },
  { actions: ["s3:GetObject"], on: "store-objects" },
  { actions: ["kms:Decrypt"], on: "store-key" },
];

/** The same of the second region: whether the copies are there is asked of the copies. */
const readReplicaGrants: readonly Grant[] = [
  { actions: ["s3:ListBucket"], on: "replica-bucket", reason: "Without it a copy that has not arrived answers 403 instead of 404." },
  { actions: ["s3:GetObject"], on: "replica-objects" },
  { actions: ["kms:Decrypt"], on: "replica-key" },
];

const publishGrants: readonly Grant[] = [
  { actions: ["cloudwatch:PutMetricData"], on: "metrics", reason: "PutMetricData names no resource; the namespace condition narrows it." },
];

export const evidenceGrants: readonly Grant[] = [...readStoreGrants, ...readReplicaGrants, ...publishGrants];

/** Reads what it checks, and writes what it found under keys of its own; that it overwrites none is a condition of each request. */
export const verificationGrants: readonly Grant[] = [
  ...readStoreGrants,
  { actions: ["s3:GetObjectVersion"], on: "store-objects", reason: "A dump is read in the version that its manifest names." },
  ...readReplicaGrants,
  { actions: ["s3:PutObject"], on: "evidence-objects" },
  { actions: ["kms:GenerateDataKey"], on: "store-key" },
];

/** Reads the backups of one source and writes what it found. No secret: a drill that could read one could reach the database that it is from. */
export const drillGrants: readonly Grant[] = [
  ...readStoreGrants,
  { actions: ["s3:GetObjectVersion"], on: "store-objects", reason: "A dump is read in the version that its manifest names." },
  { actions: ["s3:GetObject", "s3:PutObject"], on: "evidence-objects", reason: "What another delivery of the same drill has found is not found again." },
  { actions: ["kms:GenerateDataKey"], on: "store-key" },
];

export const retentionGrants: readonly Grant[] = [
  ...readStoreGrants,
  ...readReplicaGrants,
  { actions: ["s3:GetObjectVersion"], on: "store-objects", reason: "A list of copies is read in the version that its manifest names." },
  { actions: ["s3:GetObjectTagging"], on: "store-objects", reason: "A list that cannot be read keeps every copy, unless it is on its way out." },
  { actions: ["s3:PutObjectTagging", "s3:PutObjectVersionTagging"], on: "store-objects", reason: "Of a copy, the version that was seen to be old." },
  { actions: ["s3:PutObjectTagging", "s3:PutObjectVersionTagging"], on: "replica-objects" },
  ...publishGrants,
];
