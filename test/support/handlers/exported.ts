import { gunzipSync } from "node:zlib";
import { runBackup, type BackupJob } from "../../../handlers/backup/run.ts";
import type { OpenDump } from "../../../handlers/engines/dump.ts";
import type { Store } from "../../../handlers/store/store.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { manifestKey, runPrefix } from "../../../practice/contract/store.ts";

export interface StoredExport {
  readonly manifest: BackupManifest;
  readonly lines: readonly string[];
  /** Rows of one table, as whoever reads them finds them. */
  readonly rows: (table: string) => readonly unknown[];
}

interface Line {
  readonly table: string;
  readonly row?: unknown;
}

/** Backs up by the common path, and reads what was stored as a stranger would: unpacked, line by line. */
export async function exportTo(store: Store, job: BackupJob, openDump: OpenDump, signal = new AbortController().signal): Promise<StoredExport> {
  await runBackup(job, { store, openDump, attempt: "one", now: () => new Date(), signal });
  const manifest = JSON.parse(await store.readText(manifestKey(runPrefix(job.system, job.source, job.scheduledAt)))) as BackupManifest;
  const chunks: Uint8Array[] = [];
  for await (const chunk of store.read(manifest.object.key, "", signal)) chunks.push(chunk);
  const lines = gunzipSync(Buffer.concat(chunks)).toString().trimEnd().split("\n");
  const read = lines.map((line) => JSON.parse(line) as Line);
  return { manifest, lines, rows: (table) => read.flatMap((line) => (line.table === table && line.row !== undefined ? [line.row] : [])) };
}
