import type { Content } from "../contract/content.ts";
import type { ExportedTable } from "../contract/exported.ts";
import type { Identifier } from "./identifier.ts";
import type { Schedule, Window } from "./words/schedule.ts";

export type Engine = "mongodb-atlas" | "mongodb" | "postgresql" | "redis";

export interface BackupSettings {
  readonly schedule: Schedule;
  /** Days a backup is kept. At least 1. Default: 30 (four of the five guides). */
  readonly keepDays: number;
}

export interface DatabaseBackupSettings extends BackupSettings {
  /** `off`: no counts and hashes are taken beside the dump, which costs PostgreSQL a second read of every row. Default: full. */
  readonly content?: Content;
}

export interface ExportSettings extends BackupSettings {
  /** At least one, each once. */
  readonly of: readonly ExportedTable[];
}

/** When the backups of a source are checked without a database. */
export interface VerifySettings {
  /** When the store's checksums of every kept backup are held against their manifests. Default: daily at 06:00. */
  readonly checksums?: Schedule;
  /** When the newest is read whole. Default: weekly on sunday at 05:00, or daily where backups are kept less than a week. */
  readonly integrity?: Schedule;
}

interface DatabaseCommon {
  /** Name of the database on its server. */
  readonly database: string;
  /** Expected size of the data, uncompressed, in GiB. Chooses memory and part size. */
  readonly sizeGiB: number;
  readonly backup?: DatabaseBackupSettings;
  /** Tables or collections in a form that people and other programs read, beside the backup. Never of Redis. */
  readonly export?: ExportSettings;
  readonly verify: VerifySettings & {
    /** When the newest backup is restored into a scratch database. */
    readonly restore?: Schedule;
    /** A question to the restored database, in its own language; the answer is kept with the evidence. */
    readonly smoke?: string;
  };
  /** When the provider may restart the database: no backup starts or runs in it. */
  readonly maintenanceWindow?: Window;
}

/** Snapshots that the provider takes beside our dumps: for what is too large to dump, or may lose less than an hour. */
export interface ManagedSnapshots {
  /** Days a snapshot is kept. At least 1. Default: 35. */
  readonly keepDays: number;
  /** Days within which any second can be had back. 1 to 35. Default: 7. */
  readonly pointInTimeDays: number;
}

export interface RdsSnapshots extends ManagedSnapshots {
  /** ARN of the RDS instance or cluster. */
  readonly resource: Identifier;
  readonly schedule: Schedule;
  /** When AWS Backup restores one of them into an instance of its own, and removes that again. */
  readonly restoreTest: Schedule;
}

/** A database into which a backup logs in. */
interface GuardedDatabase extends DatabaseCommon {
  /** Name of the Secrets Manager secret that holds `{username, password, host, ...}`. */
  readonly secret: Identifier;
  /** ARN of the customer KMS key that encrypts the secret. Absent: the AWS managed key. */
  readonly secretKey?: Identifier;
}

/** A database that the functions and tasks of the stack reach. */
interface ReachedDatabase extends GuardedDatabase {
  readonly runsOn?: "vpc";
  /** Where the secret names no host: those that RDS manages hold only username and password. */
  readonly host?: Identifier;
}

export interface AtlasDatabase extends ReachedDatabase {
  readonly engine: "mongodb-atlas";
  /** True where its data lies on several shards: a dump reads each at a time of its own, so snapshots are demanded beside it. Default: false. */
  readonly sharded?: boolean;
  readonly snapshots?: ManagedSnapshots;
  readonly atlas: {
    readonly projectId: Identifier;
    readonly cluster: string;
    /** CIDR blocks from which Atlas is reached: the NAT gateways' public addresses. They are added to the project's access list. */
    readonly allowFrom: readonly string[];
  };
}

export interface NetworkDatabase extends ReachedDatabase {
  readonly engine: "mongodb" | "postgresql" | "redis";
  /** Only of MongoDB; as in Atlas. */
  readonly sharded?: boolean;
  /** Only of a PostgreSQL database that RDS runs. */
  readonly snapshots?: RdsSnapshots;
  /** Security group of the database; it gets one ingress rule, from the backup functions to `port`. */
  readonly securityGroupId: Identifier;
  /** TCP port. Default: 27017, 5432 or 6379. */
  readonly port: number;
}

/** A database on a machine, which backs it up by itself: nothing has to reach it from outside. */
export interface HostDatabase extends GuardedDatabase {
  readonly engine: "mongodb" | "postgresql" | "redis";
  readonly runsOn: "host";
  /** Name of the machine in `upkeep:hosts`. Its secret needs no host: it is reached on localhost. */
  readonly host: string;
  /** TCP port. Default: 27017, 5432 or 6379. */
  readonly port: number;
  /** Nobody but us could take them. */
  readonly snapshots?: never;
}

/** A Redis that ElastiCache runs, which exports its snapshots: nothing logs in, and nothing has to reach it. */
export interface ElastiCacheDatabase extends DatabaseCommon {
  readonly engine: "redis";
  /** In the words of its API: a replication group of any number of shards, or a single node without one. */
  readonly elasticache: { readonly replicationGroup: Identifier } | { readonly cacheCluster: Identifier };
  readonly runsOn?: "vpc";
  readonly host?: never;
  /** They are what is backed up. */
  readonly snapshots?: never;
}

export type DatabaseSettings = AtlasDatabase | NetworkDatabase | HostDatabase | ElastiCacheDatabase;

/** A machine that SSM manages. */
export interface HostSettings {
  /** Of an EC2 instance (`i-...`) or a hybrid node (`mi-...`). */
  readonly instanceId: Identifier;
  /** Name of the IAM role that it has. A policy of ours is attached to it. */
  readonly role: Identifier;
  /** Absolute path of Node.js on it. Default: the first `node` in root's PATH. */
  readonly node?: string;
}

/** What the stack needs to be rebuilt: parameters, alarms, schedules, machines, functions, and how secrets are kept. */
export interface ConfigurationSettings {
  readonly backup: BackupSettings;
  /** Paths of SSM parameters, each with a slash at its end. Default: none. */
  readonly parameters: readonly string[];
  /** Name of the bucket in which Pulumi keeps the state of the stack. Absent: it is kept elsewhere, and not backed up here. */
  readonly stateBucket?: Identifier;
  /** ARN of the customer KMS key that encrypts that bucket. Absent: S3's own encryption. */
  readonly stateKey?: Identifier;
}

interface FilesCommon {
  readonly sizeGiB: number;
  readonly backup?: BackupSettings;
  readonly verify: VerifySettings;
}

export interface BucketFiles extends FilesCommon {
  /** Name of the S3 bucket with the uploads. */
  readonly bucket: Identifier;
  /** ARN of the customer KMS key that encrypts the bucket. Absent: S3's own encryption. */
  readonly key?: Identifier;
  /** One archive of all objects, up to 20 GiB, or copies of the objects with a list of them. Default: an archive up to 20 GiB, copies above. */
  readonly as?: "archive" | "copies";
}

export interface HostFiles extends FilesCommon {
  /** Name of the machine in `upkeep:hosts`. */
  readonly host: string;
  /** Absolute path of the folder on it, without a slash at its end. */
  readonly path: string;
}

export type FilesSettings = BucketFiles | HostFiles;

/** A repository of code, at whoever's server. */
export interface RepositorySettings {
  /** https address that it is cloned from, without user or token. */
  readonly url: string;
  /** Name of the Secrets Manager secret that holds `{token, username?}`. Absent: the repository is public. */
  readonly secret?: Identifier;
  /** ARN of the customer KMS key that encrypts the secret. Absent: the AWS managed key. */
  readonly secretKey?: Identifier;
  /** Expected size of its objects as git packs them, in GiB. Chooses memory and part size. */
  readonly sizeGiB: number;
  readonly backup: BackupSettings;
  readonly verify: VerifySettings;
}
