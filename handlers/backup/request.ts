import { type PlanRequest, type Runner, runners, type RunRequest, type VerifyRequest } from "../../practice/contract/runner.ts";
import { scheduledAtFrom } from "./job.ts";

type Action = (PlanRequest | RunRequest | VerifyRequest)["action"];

/** What a backup function can be asked for. */
export type BackupRequest =
  | Omit<PlanRequest, "action"> & { readonly action: "plan" }
  /** `mayHandOver`: whoever asks has a task for what a function has no time for. */
  | { readonly action: "run"; readonly scheduledAt: Date; readonly mayHandOver: boolean }
  | { readonly action: "verify"; readonly scheduledAt: Date };

/** A request of the state machine, or the plain event of a schedule, which asks for a run. Throws for any other. */
export function readRequest(event: unknown): BackupRequest {
  const { action, declared }: Partial<Record<keyof PlanRequest, unknown>> = typeof event === "object" && event !== null ? event : {};
  switch (action as Action | undefined) {
    case undefined:
      return { action: "run", scheduledAt: scheduledAtFrom(event), mayHandOver: false };
    case "plan":
      return { action: "plan", declared: expectRunner(declared) };
    case "run":
      return { action: "run", scheduledAt: scheduledAtFrom(event), mayHandOver: true };
    case "verify":
      return { action: "verify", scheduledAt: scheduledAtFrom(event) };
    default:
      throw new Error(`Expected the event's action to be plan, run or verify, or none, it is ${JSON.stringify(action)}.`);
  }
}

function expectRunner(declared: unknown): Runner {
  const runner = runners.find((known) => known === declared);
  if (runner !== undefined) return runner;
  throw new Error(`Expected the event's declared to be one of ${runners.join(", ")}, it is ${JSON.stringify(declared) ?? "missing"}.`);
}
