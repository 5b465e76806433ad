/** What one backup is, written last and create-only. A stranger trusts and restores the dump with this alone. */
export interface BackupManifest {
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
  /** Documents per namespace, or entries of an archive, where the format tells. Absent where only a restore can. */
  readonly counts?: Readonly<Record<string, number>>;
  /** Bytes that the dump program wrote, before our compression. pg_dump compresses by itself: there it is the object's size. */
  readonly dumpBytes: number;
  readonly durationMilliseconds: number;
  /** One line that a DBA can run. */
  readonly restoreCommand: string;
}

export type BackupEngine = "mongodb" | "postgresql" | "files";

export interface StoredObject {
  readonly key: string;
  readonly versionId: string;
  readonly bytes: number;
  /** Hexadecimal SHA-256 and base64 CRC32 (as S3 reports it for the full object). */
  readonly sha256: string;
  readonly crc32: string;
}
