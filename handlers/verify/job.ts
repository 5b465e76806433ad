import { verificationEnvironment } from "../../practice/contract/environment.ts";
import { type VerificationLevel, verificationLevels } from "../../practice/contract/evidence.ts";
import type { BackupEngine } from "../../practice/contract/manifest.ts";
import { expectEngine, expectNumber, scheduledAtFrom } from "../backup/job.ts";
import { readEnvironment } from "../runtime/environment.ts";
import type { VerificationJob } from "./run.ts";

/** What the environment says of a function that checks. */
export interface VerificationSetup {
  readonly bucket: string;
  readonly replicaBucket: string;
  readonly replicaRegion: string;
  readonly engine: BackupEngine;
  readonly job: Omit<VerificationJob, "level" | "scheduledAt">;
}

export function readSetup(env: Readonly<Record<string, string | undefined>>): VerificationSetup {
  const { bucket, replicaBucket, replicaRegion, system, stack, source, engine, keepDays } =
    readEnvironment(verificationEnvironment, env, ["replicaBucket", "replicaRegion"]);
  return {
    bucket, replicaBucket, replicaRegion,
    engine: expectEngine(engine),
    job: { system, stack, source, keepDays: expectNumber(verificationEnvironment.keepDays, keepDays) },
  };
}

/** Which check is due: the schedule says its level and its own time. */
export function checkFrom(event: unknown): { readonly level: VerificationLevel; readonly scheduledAt: Date } {
  const said = typeof event === "object" && event !== null && "level" in event ? event.level : undefined;
  const level = verificationLevels.find((known) => known === said);
  if (level === undefined) throw new Error(`Expected an event with a level (${verificationLevels.join(", ")}), its level is ${said === undefined ? "missing" : "none of them"}.`);
  return { level, scheduledAt: scheduledAtFrom(event) };
}
