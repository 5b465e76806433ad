import * as z from "zod/mini";
import type { CopyBatch } from "../../practice/contract/inventory.ts";
import { supersededTag } from "../../practice/contract/tags.ts";
import type { SourceVersion } from "../store/inventory.ts";
import { type Bucket, readText } from "../store/s3/objects.ts";
import { partBytesFor } from "../store/s3/parts.ts";
import { upload } from "../store/s3/upload.ts";

/** An object that is not in the store yet, as it was listed. */
export interface WorkLine extends SourceVersion {
  /** Where its copy shall lie. */
  readonly copy: string;
  /** Whether something lies there that is not to be trusted, or so old that it might expire before this run has its manifest. */
  readonly overwrite?: true;
}

/** What the first step leaves for the last. */
export interface Work {
  readonly version: 1;
  /** ISO 8601. When the listing began. */
  readonly listedAt: string;
  /** Key of the manifest whose copies this run builds on. */
  readonly baseline?: string;
  /** Key of the lines that need not be copied again, compressed. */
  readonly kept: string;
  readonly batches: readonly CopyBatch[];
}

const text = z.string().check(z.minLength(1));
const count = z.int().check(z.nonnegative());

const workShape: z.ZodMiniType<Work> = z.looseObject({
  version: z.literal(1), listedAt: z.iso.datetime(), baseline: z.exactOptional(text), kept: text, batches: z.array(z.looseObject({ key: text, lines: count })),
});

const lineShape: z.ZodMiniType<WorkLine> = z.looseObject({
  key: text, versionId: text, etag: text, bytes: count, copy: text, overwrite: z.exactOptional(z.literal(true)),
});

/** Beside its batch: what became of each of its lines. */
export const copiedKey = (batch: string): string => batch.replace(/\.jsonl$/, ".copied.jsonl");

/** Of parts: an index of ten thousand batches, and the lines of a million objects. */
const WORK_GIB = 1;

/** Writes a file of a run's work. It is marked from its beginning, so that the store's lifecycle takes it a day later. */
export async function writeWork(store: Bucket, key: string, body: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  await upload({ bucket: store, key, body, partBytes: partBytesFor(WORK_GIB), signal, tags: { [supersededTag.key]: supersededTag.value } });
}

export const writeText = (store: Bucket, key: string, content: string, signal: AbortSignal): Promise<void> => writeWork(store, key, bytesOf(content), signal);

async function* bytesOf(content: string): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(Buffer.from(content));
}

export async function readWork(store: Bucket, key: string): Promise<Work> {
  const result = workShape.safeParse(JSON.parse(await readText(store, key)));
  if (result.success) return result.data;
  throw new Error(`Expected ${key} to say what a run has to do, it does not.`, { cause: result.error });
}

export async function readBatch(store: Bucket, key: string): Promise<readonly WorkLine[]> {
  const lines = (await readText(store, key)).split("\n").filter((line) => line !== "");
  return lines.map((line) => {
    const result = lineShape.safeParse(JSON.parse(line));
    if (result.success) return result.data;
    throw new Error(`Expected each line of ${key} to name an object to copy, one does not.`, { cause: result.error });
  });
}
