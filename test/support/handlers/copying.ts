import { randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { copyBatch } from "../../../handlers/copies/copy.ts";
import type { CopyPorts } from "../../../handlers/copies/copy-version.ts";
import { finishCopies } from "../../../handlers/copies/finish.ts";
import type { CopiesJob } from "../../../handlers/copies/job.ts";
import { listWork } from "../../../handlers/copies/list.ts";
import { type InventoryManifest, readInventory } from "../../../handlers/store/inventory.ts";
import type { Bucket } from "../../../handlers/store/s3/objects.ts";
import type { BackupOutcome } from "../../../practice/contract/events.ts";
import type { CopyBatch, InventoryEntry, Listed } from "../../../practice/contract/inventory.ts";
import type { BackupManifest } from "../../../practice/contract/manifest.ts";
import { manifestKey, runPrefix } from "../../../practice/contract/store.ts";
import type { S3Server } from "../servers/s3.ts";
import { settingsOf, type TestStore } from "./test-store.ts";

export interface Copying {
  readonly store: Bucket & Pick<TestStore, "text">;
  readonly from: Bucket;
  /** Default: uploads. */
  readonly source?: string;
  /** The schedule's own time. */
  readonly at: string;
  /** Default: that time. */
  readonly now?: string;
  readonly limits?: CopyPorts["limits"];
  /** Called before each batch is copied; what it throws ends the run there. */
  readonly beforeBatch?: (batch: string, index: number) => Promise<void> | void;
  readonly beforeFinish?: (work: string) => Promise<void> | void;
  readonly signal?: AbortSignal;
}

const jobOf = (bucket: string, source: string): CopiesJob => ({ system: "campus", stack: "prod", source, bucket, sizeGiB: 40 });

/** The steps of a run, in the order of the state machine, by the functions that it calls. */
export async function runCopies({ store, from, source = "uploads", at, now = at, limits, beforeBatch, beforeFinish, signal = new AbortController().signal }: Copying): Promise<BackupOutcome> {
  const job = jobOf(from.name, source);
  const scheduledAt = new Date(at);
  const common = { store, from, now: () => new Date(now), signal };
  const listed: Listed = await listWork(job, scheduledAt, { ...common, attempt: randomUUID() });
  if (listed.outcome === "already-stored") return listed;
  for (const [index, { key }] of (JSON.parse(await store.text(listed.index)) as readonly CopyBatch[]).entries()) {
    await beforeBatch?.(key, index);
    await copyBatch(job, key, { ...common, ...(limits === undefined ? {} : { limits }) });
  }
  await beforeFinish?.(listed.work);
  return finishCopies(job, { scheduledAt, work: listed.work }, { ...common, attempt: randomUUID() });
}

export const copiedManifest = async (store: Pick<TestStore, "text">, at: string, source = "uploads"): Promise<InventoryManifest> => {
  const manifest = JSON.parse(await store.text(manifestKey(runPrefix("campus", source, new Date(at))))) as BackupManifest;
  if (manifest.inventory === undefined) throw new Error("Expected the manifest of a list of copies.");
  return { ...manifest, inventory: manifest.inventory };
};

/** The lines of a backup's list. */
export async function linesIn(store: TestStore, at: string): Promise<readonly InventoryEntry[]> {
  const lines: InventoryEntry[] = [];
  for await (const entry of readInventory(store, await copiedManifest(store, at), new AbortController().signal)) lines.push(entry);
  return lines;
}

/** The same bucket, reached by a client that notes which commands it sends. */
export function watchedBucket(server: S3Server, { name }: Bucket, seen: string[]): Bucket {
  const s3 = new S3Client(settingsOf(server));
  s3.middlewareStack.add((next, { commandName }) => (args) => {
    seen.push(commandName ?? "");
    return next(args);
  }, { step: "initialize" });
  return { s3, name };
}
