import type { SourceRetention } from "../contract/environment.ts";
import type { CatalogId } from "../catalog/item.ts";
import type { Engine, Identifier, NetworkSettings, QuietHours, Severity, SystemSettings } from "../config/settings.ts";
import type { Schedule } from "../config/words/schedule.ts";
import type { AlertSignal } from "../alerts/signals.ts";
import type { ConfigurationBackupEntry, DatabaseBackupEntry, DrillEntry, ElastiCacheBackupEntry, ExportBucketEntry, FilesBackupEntry, FunctionShape, HostBackupEntry, HostsEntry, RepositoryBackupEntry, TasksEntry, ToolsLayerEntry, VerificationEntry } from "./backup-entries.ts";
import type { EntryOf } from "./entry.ts";
import type { SnapshotsEntry } from "./snapshots-entry.ts";

export type * from "./backup-entries.ts";
export type * from "./snapshots-entry.ts";

export interface StoreEntry extends EntryOf<"store"> {
  readonly secondRegion?: string;
  readonly lock?: { readonly mode: "governance" | "compliance"; readonly days: number };
  /** Days after which an old version of an object (never the current one) goes. */
  readonly noncurrentDays: number;
  /** Days after which an upload that nobody finished goes. */
  readonly unfinishedUploadDays: number;
  /** Days in which a deleted key can be brought back. */
  readonly keyWindowDays: number;
}

export interface RetentionEntry extends EntryOf<"retention">, FunctionShape {
  readonly schedule: Schedule;
  readonly sources: readonly SourceRetention[];
}

export interface EvidenceEntry extends EntryOf<"evidence">, FunctionShape {
  readonly everyMinutes: number;
  readonly sources: readonly SourceRetention[];
}

export interface NetworkEntry extends EntryOf<"network"> {
  readonly network: NetworkSettings;
  readonly region: string;
  /** What the backups reach. Two databases behind one group and port are one path: AWS refuses a rule that exists. */
  readonly paths: readonly NetworkPath[];
  /** Whether restore drills run in it: in a group of their own, from which no database is reached. */
  readonly drills: boolean;
  /** AWS services whose interface endpoints the plan declares; empty with `egress: nat`. */
  readonly interfaceEndpoints: readonly string[];
  /** S3 through a gateway endpoint. */
  readonly gatewayEndpoint: boolean;
}

interface PathCommon {
  /** Part of the resource names: says what is reached, as far as it is known before anything exists. */
  readonly name: string;
  /** Databases that need it. */
  readonly sources: readonly string[];
}

export type NetworkPath =
  | (PathCommon & { readonly kind: "security-group"; readonly securityGroupId: Identifier; readonly port: number })
  | (PathCommon & { readonly kind: "atlas"; readonly projectId: Identifier; readonly cidrBlock: string });

export interface AlertEntry extends EntryOf<"alert"> {
  /** What people read first. */
  readonly title: string;
  readonly signal: AlertSignal;
  /** The alarm is raised when the signal is above this, in the signal's unit. */
  readonly threshold: number;
  /** The threshold as a person would say it, e.g. `26 hours`. */
  readonly thresholdInWords: string;
  readonly severity: Severity;
  /** AWS pages; Datadog shows. */
  readonly pagedBy: "aws" | "datadog";
  readonly runbook: string;
  readonly owner: string;
  /** Name of the alert that, while it is raised, keeps this one from paging. */
  readonly suppressedBy?: string;
}

export interface RoutingEntry extends EntryOf<"routing"> {
  readonly routes: readonly Route[];
  /** Days in which the topics' deleted key can be brought back. */
  readonly keyWindowDays: number;
}

/** Where the alerts of one severity go. */
export interface Route {
  readonly severity: Severity;
  readonly respondWithinSeconds: number;
  readonly to: readonly RouteTarget[];
}

export interface RouteTarget {
  readonly channel: string;
  readonly protocol: "email" | "https";
  readonly endpoint: string;
}

export interface QuietEntry extends EntryOf<"quiet"> {
  readonly hours: QuietHours;
  /** When silence begins, as CloudWatch mute rules want it (five fields): `cron(0 20 * * *)`. */
  readonly expression: string;
  /** How long it lasts, ISO 8601: `PT11H`. */
  readonly duration: string;
}

export interface BoardEntry extends EntryOf<"board"> {
  /** Address of Datadog's API at the customer's site. */
  readonly apiUrl: string;
  readonly title: string;
  /** Name of the age gauge in Datadog. */
  readonly metric: string;
  readonly ages: readonly { readonly source: string; readonly limitSeconds: number }[];
}

export type Entry =
  | StoreEntry | ExportBucketEntry | ToolsLayerEntry | TasksEntry | HostsEntry | SnapshotsEntry | BackupEntry | VerificationEntry | DrillEntry | RetentionEntry | EvidenceEntry
  | NetworkEntry | AlertEntry | RoutingEntry | QuietEntry | BoardEntry;

/** Backups that a schedule of ours starts. */
export type StartedBackupEntry = DatabaseBackupEntry | ElastiCacheBackupEntry | FilesBackupEntry | ConfigurationBackupEntry | RepositoryBackupEntry;

export type BackupEntry = StartedBackupEntry | HostBackupEntry;

/** One catalog item as this system sees it. */
export interface PlannedItem {
  readonly id: CatalogId;
  readonly title: string;
  readonly area: string;
  readonly applies: boolean;
  readonly notApplicable?: { readonly reason: string; readonly owner: string; readonly date: string };
}

/** A database of the system, backed up or not: whoever judges a plan must see what it leaves out. */
export interface PlannedDatabase {
  readonly name: string;
  readonly engine: Engine;
  readonly from: string;
}

/** What the practice decided. `Maintenance` registers it as its inputs, so it can be read from any deployed stack. */
export interface Plan {
  readonly version: 1;
  readonly stack: string;
  readonly region: string;
  readonly system: Pick<SystemSettings, "name" | "account" | "owner" | "timeZone" | "production">;
  readonly databases: readonly PlannedDatabase[];
  readonly entries: readonly Entry[];
  readonly items: readonly PlannedItem[];
}

