import type { InventorySummary } from "./inventory.ts";
import type { Runner } from "./runner.ts";

/** What is in a database, told so that a copy can be held against it: by a backup of its source, by a drill of what it restored. */
export interface Contents {
  /** Rows of each table, documents of each namespace, keys of each logical database, entries of an archive; exact. */
  readonly counts: Readonly<Record<string, number>>;
  /** Under the same names: hashes of all that is there, whatever its order. Absent with `content: off`. */
  readonly hashes?: Readonly<Record<string, string>>;
  /** How they were made, e.g. `postgresql-rows-1`: only hashes made in one way can be compared. */
  readonly hashedBy?: string;
  /** PostgreSQL: name and version of each extension; a scratch database needs the same. */
  readonly extensions?: Readonly<Record<string, string>>;
  /** PostgreSQL: roles that policies and user mappings name. They are the server's, and no database's dump has them. Absent: none. */
  readonly roles?: readonly string[];
}

/** Which server a database lives on: what is restored never goes there. */
export interface ServerIdentity {
  /** `host:port`, as it was reached. */
  readonly address: string;
  /** What the server itself says it is, whatever it is reached by: PostgreSQL's system identifier, a replica set's id, Redis' run id. Absent where it says nothing. */
  readonly id?: string;
}

/** What one backup is, written last and create-only. A stranger trusts and restores the dump with this alone. */
export interface BackupManifest extends Partial<Contents> {
  readonly version: 1;
  readonly system: string;
  readonly stack: string;
  readonly source: string;
  readonly engine: BackupEngine;
  readonly database: string;
  readonly runId: string;
  /** ISO 8601 instants. The backup is as old as `scheduledAt`. */
  readonly scheduledAt: string;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly attempt: string;
  readonly object: StoredObject;
  /** In words: what moment the dump shows. */
  readonly consistency: string;
  readonly tool: string;
  readonly serverVersion: string;
  /** Absent for files. */
  readonly server?: ServerIdentity;
  /** Bytes that the dump program wrote, before our compression. pg_dump compresses by itself: there it is the object's size. */
  readonly dumpBytes: number;
  readonly durationMilliseconds: number;
  /** Where it was made. Absent: by hand. */
  readonly runner?: Runner;
  /** Only of a bucket that is copied object by object: `object` is then the list of its copies. */
  readonly inventory?: InventorySummary;
  /** One line that a DBA can run. */
  readonly restoreCommand: string;
}

export const backupEngines = ["mongodb", "postgresql", "redis", "files", "configuration", "repository", "postgresql-export", "mongodb-export"] as const;

export type BackupEngine = (typeof backupEngines)[number];

export interface StoredObject {
  readonly key: string;
  readonly versionId: string;
  readonly bytes: number;
  /** Hexadecimal SHA-256 and base64 CRC32 (as S3 reports it for the full object). */
  readonly sha256: string;
  readonly crc32: string;
}
