import * as z from "zod/mini";
import type { DrilledAnswer, DrilledRequest } from "../../practice/contract/events.ts";
import { type EvidenceRecord, evidenceKey } from "../../practice/contract/evidence.ts";
import { scheduledAtFrom } from "../backup/job.ts";
import type { Store } from "../store/store.ts";
import { CheckNotGood, recordedBefore, type VerificationJob } from "./run.ts";

/** A drill whose task has ended. */
export interface EndedDrill {
  readonly scheduledAt: Date;
  /** Absent when the task ended well. */
  readonly ended?: { readonly error: string; readonly cause?: string };
}

const MOST_CHARACTERS = 8_000;

/** Of what ECS says of a stopped task, what tells why. */
const stoppedTask = z.looseObject({
  StoppedReason: z.optional(z.string()),
  Containers: z.optional(z.array(z.looseObject({ Name: z.string(), ExitCode: z.optional(z.int()), Reason: z.optional(z.string()) }))),
});

/** A question about a drill; undefined when the event is none. */
export function drilledFrom(event: unknown): EndedDrill | undefined {
  const { action, run }: Partial<Record<keyof DrilledRequest, unknown>> = typeof event === "object" && event !== null ? event : {};
  if ((action as DrilledRequest["action"] | undefined) !== "drilled") return undefined;
  const { ended }: { readonly ended?: DrilledRequest["run"]["ended"] } = typeof run === "object" && run !== null ? run : {};
  return { scheduledAt: scheduledAtFrom(run), ...(ended === undefined ? {} : { ended: { error: ended.Error, ...(ended.Cause === undefined ? {} : { cause: ended.Cause }) } }) };
}

/** What was written down of a drill, whatever its task said of itself. */
export async function findDrill(store: Store, job: Pick<VerificationJob, "system" | "source">, { scheduledAt, ended }: EndedDrill): Promise<DrilledAnswer> {
  const key = evidenceKey({ ...job, level: "restore" }, scheduledAt);
  if (await store.facts(key) === undefined) return { outcome: "not-recorded", key, said: short(notRecorded(job.source, scheduledAt, key, ended)) };
  const report = await recordedBefore(job, store, key);
  const { outcome } = report.record;
  return { outcome, key, said: short(outcome === "restored" ? restored(report.record) : new CheckNotGood(report).message) };
}

const short = (text: string): string => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS - 1)}…` : text);

const notRecorded = (source: string, scheduledAt: Date, key: string, ended: EndedDrill["ended"]): string =>
  `Expected the drill of ${source} at ${scheduledAt.toISOString()} to have left its record ${key}, there is none: what it would have found is not known. `
  + (ended === undefined ? "Its task ended with 0 all the same." : `Its task ended so: ${[ended.error, howItEnded(ended.cause ?? "")].filter((part) => part !== "").join(", ").replace(/\.$/, "")}.`);

function restored({ source, backup, restore }: EvidenceRecord): string {
  const seconds = Math.round((restore?.durationMilliseconds ?? 0) / 100) / 10;
  return `Backup ${backup?.runId ?? "?"} of ${source} was restored in ${seconds} s, with ${restore?.sameCounts ?? 0} same counts and ${restore?.sameHashes ?? 0} same hashes.`;
}

/** ECS tells of a stopped task all that it knows; of an error of its own, a sentence. */
function howItEnded(cause: string): string {
  const { data } = stoppedTask.safeParse(parsed(cause));
  if (data === undefined) return cause;
  const containers = (data.Containers ?? []).map(({ Name, ExitCode, Reason }) =>
    `${Name}: ${[...(ExitCode === undefined ? [] : [`exit code ${ExitCode}`]), ...(Reason === undefined ? [] : [Reason])].join(", ") || "no exit code"}`);
  return [...(data.StoppedReason === undefined ? [] : [data.StoppedReason]), ...containers].join("; ");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
