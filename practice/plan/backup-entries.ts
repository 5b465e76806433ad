import type { ElastiCacheDatabase, FargateSettings, HostSettings, Identifier } from "../config/settings.ts";
import type { Runner } from "../contract/runner.ts";
import type { Content } from "../contract/content.ts";
import type { ExportedTable } from "../contract/exported.ts";
import type { BackupEngine } from "../contract/manifest.ts";
import type { DrillEngine } from "../contract/scratch.ts";
import type { Schedule } from "../config/words/schedule.ts";
import type { EntryOf } from "./entry.ts";

/** How a handler runs in Lambda. */
export interface FunctionShape {
  readonly memoryMegabytes: number;
  readonly timeoutSeconds: number;
  /** Days that its log is kept. */
  readonly logDays: number;
}

/** How a handler runs in Fargate, where it has hours. */
export interface TaskShape {
  /** 1024 are one processor. Fargate sells each number with certain amounts of memory only (AWS: task size). */
  readonly cpuUnits: number;
  readonly memoryMegabytes: number;
  /** 21 to 200. Absent: the 20 GiB that every task has. */
  readonly ephemeralGiB?: number;
  readonly timeoutSeconds: number;
}

interface BackupCommon extends FunctionShape {
  /** Name of the source: the key in the stack file, or what the practice makes of it. */
  readonly source: string;
  /** The source that this backs up a second time, apart. Absent: this is the backup that its source asked for. */
  readonly again?: string;
  readonly schedule: Schedule;
  readonly keepDays: number;
  readonly sizeGiB: number;
  /** Seconds between a failed attempt and the second one. */
  readonly retryAfterSeconds: number;
}

export interface DatabaseBackupEntry extends EntryOf<"database-backup">, BackupCommon {
  readonly engine: "mongodb" | "postgresql" | "redis" | "mongodb-export" | "postgresql-export";
  readonly database: string;
  /** Whether counts and hashes are taken beside the dump. Default: full. */
  readonly content?: Content;
  /** Of an export: what of the database. */
  readonly exports?: readonly ExportedTable[];
  readonly secret: Identifier;
  readonly secretKey?: Identifier;
  readonly host?: Identifier;
  /** A layer that somebody published. Absent: the plan's own, of the entry `tools-layer`. */
  readonly toolsLayer?: Identifier;
  /** Where it runs until a run was measured. */
  readonly runner: Runner;
  /** What a run is that is too large for the function. Absent: the stack has no tasks. */
  readonly task?: TaskShape;
  /** How the function reaches the database. */
  readonly reach:
    | { readonly kind: "security-group"; readonly securityGroupId: Identifier; readonly port: number }
    | { readonly kind: "atlas"; readonly projectId: Identifier; readonly allowFrom: readonly string[] };
}

/** A Redis that ElastiCache runs, of which it exports a snapshot. */
export interface ElastiCacheBackupEntry extends EntryOf<"elasticache-backup">, BackupCommon {
  readonly engine: "redis";
  /** Number of the logical database that must not be empty. */
  readonly database: string;
  readonly of: ElastiCacheDatabase["elasticache"];
  /** Whether counts and hashes are taken beside the dump. Default: full. */
  readonly content?: Content;
  /** Seconds between two looks at how far the export is. */
  readonly lookEverySeconds: number;
}

/** Where ElastiCache puts what it exports, until it is stored: a bucket that empties itself. */
export interface ExportBucketEntry extends EntryOf<"export-bucket"> {
  /** Days after which what still lies there goes. */
  readonly emptiedAfterDays: number;
}

/** The official programs that dump, in a layer of the stack's own. */
export interface ToolsLayerEntry extends EntryOf<"tools-layer"> {
  /** Of the functions that load it. */
  readonly architecture: "x86_64";
}

/** Where the stack's tasks run, and of what they are made. */
export interface TasksEntry extends EntryOf<"tasks"> {
  readonly images: FargateSettings["images"];
  readonly architecture: "x86_64";
  /** Days that their log is kept. */
  readonly logDays: number;
}

export interface FilesBackupEntry extends EntryOf<"files-backup">, BackupCommon {
  readonly bucket: Identifier;
  readonly bucketKey?: Identifier;
  /** One file of all objects, or copies of the objects with a list of them. */
  readonly as: "archive" | "copies";
}

/** A database or a folder of a machine, which backs it up by itself: the same program, store, manifest, checks and ages. */
export interface HostBackupEntry extends EntryOf<"host-backup"> {
  readonly source: string;
  /** As of every backup: the source that this backs up a second time, apart. */
  readonly again?: string;
  readonly schedule: Schedule;
  readonly keepDays: number;
  readonly sizeGiB: number;
  readonly engine: DatabaseBackupEntry["engine"] | "files";
  /** Name of the database on its server, or the absolute path of the folder. */
  readonly database: string;
  /** Of an export: what of the database. */
  readonly exports?: readonly ExportedTable[];
  /** Absent for files. */
  readonly secret?: Identifier;
  readonly secretKey?: Identifier;
  readonly port?: number;
  readonly content?: Content;
  /** Name of the machine in `upkeep:hosts`. */
  readonly host: string;
  /** Minutes between two looks at what is due. */
  readonly everyMinutes: number;
  /** Expected length of a run, twice over: an alarm on age waits for it. */
  readonly timeoutSeconds: number;
}

/** The machines that back themselves up, what they run, and what they may. */
export interface HostsEntry extends EntryOf<"hosts"> {
  /** Of the database programs that they fetch. Absent where none of them has a database. */
  readonly architecture?: "x86_64";
  /** Days that their log is kept. */
  readonly logDays: number;
  readonly hosts: readonly PlannedHost[];
}

export interface PlannedHost extends HostSettings {
  readonly name: string;
  /** What lies on it, and how its machine gets in. */
  readonly sources: readonly { readonly source: string; readonly secret?: Identifier; readonly secretKey?: Identifier }[];
}

/** What the stack needs to be rebuilt, as its services describe it. */
export interface ConfigurationBackupEntry extends EntryOf<"configuration-backup">, BackupCommon {
  readonly parameters: readonly string[];
  readonly secrets: readonly Identifier[];
  readonly stateBucket?: Identifier;
  readonly stateKey?: Identifier;
}

/** Every ref of a repository, as git bundles them. */
export interface RepositoryBackupEntry extends EntryOf<"repository-backup">, BackupCommon {
  readonly url: string;
  /** Absent: it is public. */
  readonly secret?: Identifier;
  readonly secretKey?: Identifier;
}

/** Scheduled checks of one source's backups that need no database. */
export interface VerificationEntry extends EntryOf<"verification">, FunctionShape {
  readonly source: string;
  readonly engine: BackupEngine;
  readonly keepDays: number;
  readonly checks: readonly { readonly level: "checksums" | "decode"; readonly schedule: Schedule }[];
  /** A layer that somebody published, for the engine whose dumps only its own program can read. */
  readonly toolsLayer?: Identifier;
}

/** A restore of a source's newest backup on a schedule, into a server that starts empty beside the task. */
export interface DrillEntry extends EntryOf<"drill"> {
  readonly source: string;
  readonly engine: DrillEngine;
  readonly schedule: Schedule;
  /** Of the server, by its digest. */
  readonly image: string;
  /** A question to the restored database. */
  readonly smoke?: string;
  readonly task: TaskShape;
  /** Seconds until a task that left no evidence is started once more. */
  readonly retryAfterSeconds: number;
  /** Days that the state machine's log is kept. */
  readonly logDays: number;
}
