import { copyLimits, type CopyBatch, type Listed, workKey } from "../../practice/contract/inventory.ts";
import { manifestKey, runPrefix } from "../../practice/contract/store.ts";
import { gzip } from "../engines/gzip.ts";
import { eachCopy } from "../store/copy-listing.ts";
import { compareKeys, copyOf, lineOf, readInventory, type SourceVersion } from "../store/inventory.ts";
import type { Bucket } from "../store/s3/objects.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { type Baseline, newestList } from "./baseline.ts";
import type { CopiesJob } from "./job.ts";
import { currentVersions } from "./source-versions.ts";
import { type Work, type WorkLine, writeText, writeWork } from "./work.ts";

export interface ListPorts {
  /** The bucket that is backed up. */
  readonly from: Bucket;
  readonly store: Bucket;
  readonly now: () => Date;
  /** Names this attempt at the run; never the same twice. */
  readonly attempt: string;
  readonly signal: AbortSignal;
}

/** A function copies so many small objects within a minute or two, and so many bytes within its quarter of an hour. */
const BATCH = { lines: 500, bytes: 40 * 1024 ** 3 } as const;

/** A copy that no list names may expire when it is two days old; one that is as old as this is made anew. */
const FRESH_MILLISECONDS = 24 * 3600 * 1000;

/**
 * Compares what is in a bucket with the newest list of copies and with the copies themselves, and writes down what has
 * to be copied. A copy that is gone or was written over is made again.
 */
export async function listWork(job: CopiesJob, scheduledAt: Date, ports: ListPorts): Promise<Listed> {
  const { store, signal, attempt, now } = ports;
  const manifestAt = manifestKey(runPrefix(job.system, job.source, scheduledAt));
  signal.throwIfAborted();
  const asStore = s3Store(store);
  if (await asStore.facts(manifestAt) !== undefined) return { outcome: "already-stored", manifestKey: manifestAt };

  const listedAt = now();
  const nameOf = (name: string): string => workKey(job.system, job.source, scheduledAt, attempt, name);
  const copies = new Map<string, string>();
  const baseline = await newestList({ store: asStore, ...job }, listedAt, signal);
  await eachCopy(asStore, job.system, job.source, signal, ({ key, bytes, etag = "", modifiedAt }) =>
    void copies.set(key, stateOf(bytes, etag, modifiedAt !== undefined && listedAt.getTime() - modifiedAt.getTime() < FRESH_MILLISECONDS)));

  const batches: CopyBatch[] = [];
  const kept = nameOf("kept.jsonl.gz");
  const keep = compared(job, { ports, baseline, copies }, async (lines) => {
    if (batches.length === copyLimits.batches) throw new Error(`Expected at most ${copyLimits.batches} batches of objects to copy, there are more. Split the bucket, or back it up by AWS Backup.`);
    const key = nameOf(`batch-${String(batches.length + 1).padStart(5, "0")}.jsonl`);
    await writeText(store, key, lines.map((line) => `${JSON.stringify(line)}\n`).join(""), signal);
    batches.push({ key, lines: lines.length });
  });
  await writeWork(store, kept, gzip(keep), signal);

  const [index, work] = [nameOf("index.json"), nameOf("work.json")];
  await writeText(store, index, JSON.stringify(batches), signal);
  await writeText(store, work, JSON.stringify({
    version: 1, listedAt: listedAt.toISOString(), ...(baseline === undefined ? {} : { baseline: baseline.manifestKey }), kept, batches,
  } satisfies Work), signal);
  return { outcome: "listed", batches: batches.length, index, work };
}

/** A million of them are held in memory: texts take the least room. */
const stateOf = (bytes: number, etag: string, fresh = false): string => `${bytes} ${etag}${fresh ? " fresh" : ""}`;

interface Compared {
  readonly ports: ListPorts;
  readonly baseline: Baseline | undefined;
  readonly copies: ReadonlyMap<string, string>;
}

/** The lines that need not be copied again; all others are handed over in batches on the way. */
async function* compared(job: CopiesJob, { ports: { from, store, signal }, baseline, copies }: Compared, handOver: (batch: readonly WorkLine[]) => Promise<void>): AsyncGenerator<Uint8Array> {
  const before = baseline === undefined ? undefined : readInventory(s3Store(store), baseline.manifest, signal);
  let old = await before?.next();
  let batch: WorkLine[] = [];
  let bytes = 0;
  try {
    for await (const version of currentVersions(from, signal)) {
      expectCopyable(job, version);
      while (old?.done === false && compareKeys(old.value.key, version.key) < 0) old = await before?.next();
      const copy = copyOf(job, job.bucket, version);
      const there = copies.get(copy);
      const last = old?.done === false && old.value.key === version.key && old.value.copy === copy ? old.value : undefined;
      if (last !== undefined && (there === stateOf(last.bytes, last.copyEtag) || there === stateOf(last.bytes, last.copyEtag, true))) {
        yield Buffer.from(`${lineOf(last)}\n`);
        continue;
      }
      if (batch.length === BATCH.lines || (batch.length > 0 && bytes + version.bytes > BATCH.bytes)) {
        await handOver(batch);
        [batch, bytes] = [[], 0];
      }
      const isFresh = last === undefined && there?.endsWith(" fresh") === true;
      batch.push({ ...version, copy, ...(there === undefined || isFresh ? {} : { overwrite: true }) });
      bytes += version.bytes;
    }
  } finally {
    await before?.return(undefined);
  }
  if (batch.length > 0) await handOver(batch);
}

function expectCopyable({ bucket }: CopiesJob, { key, bytes }: SourceVersion): void {
  const { objectGiB } = copyLimits;
  if (bytes <= objectGiB * 1024 ** 3) return;
  throw new Error(`Expected objects of at most ${objectGiB} GiB in ${bucket}, ${JSON.stringify(key)} has ${Math.round(bytes / 1024 ** 3)} GiB: no function copies it within its 15 minutes. Move it to a bucket that AWS Backup takes care of.`);
}
