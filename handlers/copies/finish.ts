import type { BackupOutcome } from "../../practice/contract/events.ts";
import { copyLimits, inventoryExtension, inventoryHashedBy, inventoryPart, type InventoryEntry } from "../../practice/contract/inventory.ts";
import { runBackup } from "../backup/run.ts";
import { type Dump, shellWord } from "../engines/dump.ts";
import { gzip } from "../engines/gzip.ts";
import { compareKeys, entryOf, InventoryTotals, lineOf, unpackedLines } from "../store/inventory.ts";
import { type Bucket, readText } from "../store/s3/objects.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import type { Store } from "../store/store.ts";
import type { CopiesJob } from "./job.ts";
import { copiedKey, readWork, type Work } from "./work.ts";

export interface FinishPorts {
  readonly store: Bucket;
  readonly now: () => Date;
  /** Names this attempt at the last step; never the same twice. */
  readonly attempt: string;
  readonly signal: AbortSignal;
}

/** Puts together what was kept and what was copied, checks that no line is missing, and stores the list and, last, the manifest. */
export async function finishCopies(job: CopiesJob, { scheduledAt, work: workAt }: { readonly scheduledAt: Date; readonly work: string }, ports: FinishPorts): Promise<BackupOutcome> {
  const { system, stack, source, bucket } = job;
  const store = s3Store(ports.store);
  const work = await readWork(ports.store, workAt);
  return runBackup({ system, stack, source, engine: "files", database: bucket, sizeGiB: LIST_GIB, scheduledAt }, {
    ...ports, store,
    openDump: (signal) => Promise.resolve(openInventoryDump(work, { ...ports, store, bucket: ports.store, signal })),
  });
}

/** A million lines are a quarter of this before compression: it decides how the list is cut on its way. */
const LIST_GIB = 1;

interface DumpPorts {
  readonly store: Store;
  readonly bucket: Bucket;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

function openInventoryDump(work: Work, ports: DumpPorts): Dump {
  const totals = new InventoryTotals();
  const told = { vanished: 0, copiedObjects: 0, copiedBytes: 0, listBytes: 0 };
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const entry of inOrder(keptLines(work, ports), copiedLines(work, ports, told))) {
      const line = lineOf(entry);
      totals.add(entry, line);
      const bytes = Buffer.from(`${line}\n`);
      told.listBytes += bytes.length;
      yield bytes;
    }
    await expectCurrent(work, ports);
  }
  return {
    extension: inventoryExtension,
    body: gzip(body()),
    describe: () => {
      const { lines: sha256, contents } = totals.hashes();
      const { objects, bytes } = totals;
      return {
        tool: "upkeep, S3 CopyObject",
        serverVersion: "Amazon S3",
        consistency: `Each object by itself: the version that was current when the bucket was listed, from ${work.listedAt} on; in a bucket without versions, the one that was there when it was copied. `
          + "Contents, content types and user metadata are copied; tags, access lists and older versions are not.",
        counts: { [inventoryPart]: objects },
        hashes: { [inventoryPart]: contents },
        hashedBy: inventoryHashedBy,
        dumpBytes: told.listBytes,
        startedAt: new Date(work.listedAt),
        inventory: { objects, bytes, sha256, copiedObjects: told.copiedObjects, copiedBytes: told.copiedBytes, vanishedObjects: told.vanished },
        restoreCommand: (address) => restoreCommand(address, ports.store),
      };
    },
    close: () => Promise.resolve(),
  };
}

/** Needs the AWS CLI and jq, and the name of an empty bucket in place of NEW_BUCKET. A key may hold anything: jq quotes it. */
const restoreCommand = (address: string, { addressOf }: Store): string =>
  `aws s3 cp ${shellWord(address)} - | gzip -dc | jq -r ${shellWord(`@sh "aws s3 cp \\("${addressOf("")}" + .copy) \\("s3://NEW_BUCKET/" + .key)"`)} | sh -e`;

async function* keptLines({ kept }: Work, { store, signal }: DumpPorts): AsyncGenerator<InventoryEntry> {
  let number = 0;
  for await (const line of unpackedLines(store.read(kept, "", signal))) yield entryOf(line, number += 1);
}

interface Told {
  vanished: number;
  copiedObjects: number;
  copiedBytes: number;
}

async function* copiedLines({ batches }: Work, { bucket, signal }: DumpPorts, told: Told): AsyncGenerator<InventoryEntry> {
  for (const { key, lines } of batches) {
    signal.throwIfAborted();
    // Each line has its end, so the last piece is none.
    const copied = (await readText(bucket, copiedKey(key))).split("\n").slice(0, -1);
    if (copied.length !== lines) throw new Error(`Expected ${copiedKey(key)} to say what became of ${lines} objects, it says it of ${copied.length}. Start the backup again.`);
    for (const [index, line] of copied.entries()) {
      if (line === "") {
        told.vanished += 1;
        continue;
      }
      const entry = entryOf(line, index + 1);
      told.copiedObjects += 1;
      told.copiedBytes += entry.bytes;
      yield entry;
    }
  }
}

/** Two lists, each in the order of its keys, as one. */
async function* inOrder(one: AsyncGenerator<InventoryEntry>, other: AsyncGenerator<InventoryEntry>): AsyncGenerator<InventoryEntry> {
  let [first, second] = [await one.next(), await other.next()];
  while (first.done !== true || second.done !== true) {
    if (second.done === true || (first.done !== true && compareKeys(first.value.key, second.value.key) < 0)) {
      if (first.done !== true) yield first.value;
      first = await one.next();
    } else {
      yield second.value;
      second = await other.next();
    }
  }
}

/**
 * What this run builds on must not be on its way out: the copies that only it names may expire next. New copies are left
 * alone for two days, so a run must have its manifest before.
 */
async function expectCurrent({ listedAt, baseline }: Work, { store, now }: DumpPorts): Promise<void> {
  const hours = (now().getTime() - Date.parse(listedAt)) / 3_600_000;
  if (hours > copyLimits.runHours) throw new Error(`Expected a run to end within ${copyLimits.runHours} hours, this one listed its bucket ${Math.round(hours)} hours ago. Start it again: what was copied is not copied a second time.`);
  if (baseline === undefined) return;
  if (await store.facts(baseline) !== undefined && !await store.isSuperseded(baseline)) return;
  throw new Error(`Expected ${baseline}, whose copies this backup relies on, to stay until the end, it is gone or may expire. Start the backup again.`);
}
