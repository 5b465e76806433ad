import type { BackupOutcome } from "../../practice/contract/events.ts";
import type { HandOver, RunnerChoice } from "../../practice/contract/runner.ts";
import { chooseRunner } from "./choose-runner.ts";
import { findBackup } from "./find-backup.ts";
import { handingOver } from "./hand-over.ts";
import { lastRun } from "./last-run.ts";
import { readRequest } from "./request.ts";
import { type BackupJob, type BackupPorts, runBackup } from "./run.ts";

/** Does what a backup function is asked for: says where a run shall be, makes one, or looks whether it left a backup. */
export async function answer(event: unknown, job: Omit<BackupJob, "scheduledAt">, ports: BackupPorts): Promise<RunnerChoice | BackupOutcome | HandOver> {
  const request = readRequest(event);
  const place = { store: ports.store, ...job };
  switch (request.action) {
    case "plan":
      return chooseRunner(request, job.sizeGiB, await lastRun(place, ports.now()));
    case "run": {
      const run = (): Promise<BackupOutcome> => runBackup({ ...job, scheduledAt: request.scheduledAt }, ports);
      return request.mayHandOver ? handingOver(ports.signal, run) : run();
    }
    case "verify":
      return findBackup(place, request.scheduledAt, ports.now());
  }
}
