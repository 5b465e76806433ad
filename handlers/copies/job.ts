import * as z from "zod/mini";
import { copiesEnvironment } from "../../practice/contract/environment.ts";
import type { CopyRequest, FinishRequest, ListRequest } from "../../practice/contract/inventory.ts";
import { expectNumber } from "../backup/job.ts";
import { readEnvironment } from "../runtime/environment.ts";
import { readScheduledTime } from "../runtime/scheduled-time.ts";

/** A bucket whose objects are copied one by one. */
export interface CopiesJob {
  readonly system: string;
  readonly stack: string;
  readonly source: string;
  /** Name of the bucket. */
  readonly bucket: string;
  readonly sizeGiB: number;
}

export function readSetup(env: Readonly<Record<string, string | undefined>>): { readonly store: string; readonly job: CopiesJob } {
  const { bucket: store, database: bucket, sizeGiB, system, stack, source } = readEnvironment(copiesEnvironment, env);
  return { store, job: { system, stack, source, bucket, sizeGiB: expectNumber(copiesEnvironment.sizeGiB, sizeGiB) } };
}

/** A step of a run, as the state machine asks for it. */
export type Step =
  | { readonly action: ListRequest["action"]; readonly scheduledAt: Date }
  | CopyRequest
  | { readonly action: FinishRequest["action"]; readonly scheduledAt: Date; readonly work: string };

const key = z.string().check(z.minLength(1));

const requests = z.discriminatedUnion("action", [
  z.looseObject({ action: z.literal("list"), scheduledTime: z.unknown() }),
  z.looseObject({ action: z.literal("copy"), batch: key }),
  z.looseObject({ action: z.literal("finish"), scheduledTime: z.unknown(), work: key }),
]);

export function stepFrom(event: unknown): Step {
  const read = requests.safeParse(event);
  if (!read.success) throw new Error("Expected an event with the action list, with copy and a batch, or with finish and its work, got another. The state machine of the backup asks so.", { cause: read.error });
  const step = read.data;
  switch (step.action) {
    case "list": return { action: "list", scheduledAt: readScheduledTime(step.scheduledTime, "the event's scheduledTime") };
    case "copy": return { action: "copy", batch: step.batch };
    case "finish": return { action: "finish", scheduledAt: readScheduledTime(step.scheduledTime, "the event's scheduledTime"), work: step.work };
  }
}
