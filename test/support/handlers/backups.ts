import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { dumpKey, manifestKey, runIdOf, runPrefix } from "../../../practice/contract/store.ts";
import type { TestStore } from "./test-store.ts";

export interface PutBackup {
  readonly scheduledAt: string;
  readonly source?: string;
  readonly rows?: string;
  /** Default: one that no store gives; the empty one is whatever lies there now. */
  readonly versionId?: string;
  /** Change what the manifest says. */
  readonly manifest?: Partial<BackupManifest>;
}

/** Puts a whole backup into a store, as the backup handler would have; gives the keys of its dump and manifest. */
export async function putBackup(store: TestStore, backup: PutBackup): Promise<{ readonly dump: string; readonly manifest: string }> {
  const { source = "accounts", rows = "all the rows", versionId = "v" } = backup;
  const scheduledAt = new Date(backup.scheduledAt);
  const prefix = runPrefix("campus", source, scheduledAt);
  const key = dumpKey(prefix, "one", "dump");
  const crc = Buffer.alloc(4);
  crc.writeUInt32BE(crc32(rows));
  const manifest: BackupManifest = {
    version: 1, system: "campus", stack: "prod", source, engine: "postgresql", database: source, runId: runIdOf(scheduledAt),
    scheduledAt: scheduledAt.toISOString(), startedAt: scheduledAt.toISOString(), finishedAt: scheduledAt.toISOString(), attempt: "one",
    object: { key, versionId, bytes: rows.length, sha256: createHash("sha256").update(rows).digest("hex"), crc32: crc.toString("base64") },
    consistency: "a test", tool: "a test", serverVersion: "1", dumpBytes: 1, durationMilliseconds: 1, restoreCommand: "restore",
    ...backup.manifest,
  };
  await store.put(key, rows);
  await store.put(manifestKey(prefix), JSON.stringify(manifest));
  return { dump: key, manifest: manifestKey(prefix) };
}
