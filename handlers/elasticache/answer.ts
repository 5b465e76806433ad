import type { ExportProgress, Removed } from "../../practice/contract/elasticache.ts";
import type { BackupOutcome } from "../../practice/contract/events.ts";
import { findBackup } from "../backup/find-backup.ts";
import { exportSnapshot } from "./export.ts";
import { type ElastiCacheJob, stepFrom } from "./job.ts";
import type { ElastiCachePorts } from "./ports.ts";
import { removeExport } from "./remove.ts";
import { storeExport } from "./run.ts";

/** Does what the function is asked for: one step of a run. */
export async function answer(event: unknown, job: ElastiCacheJob, ports: ElastiCachePorts): Promise<ExportProgress | BackupOutcome | Removed> {
  const step = stepFrom(event);
  switch (step.action) {
    case "export": return exportSnapshot(job, step, ports);
    case "run": return storeExport(job, step.scheduledAt, ports);
    case "verify": return findBackup({ store: ports.store, ...job }, step.scheduledAt, ports.now());
    case "remove": return removeExport(job, step.scheduledAt, ports);
  }
}
