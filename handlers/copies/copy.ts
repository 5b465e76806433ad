import type { InventoryEntry } from "../../practice/contract/inventory.ts";
import { copyOf, lineOf } from "../store/inventory.ts";
import type { Bucket } from "../store/s3/objects.ts";
import { type CopyPorts, copyVersion } from "./copy-version.ts";
import type { CopiesJob } from "./job.ts";
import { sideBySide } from "../store/side-by-side.ts";
import { copiedKey, readBatch, type WorkLine, writeText } from "./work.ts";

export interface BatchPorts extends CopyPorts {
  readonly signal: AbortSignal;
}

/** Copies under way at one time. S3 takes 3,500 writes a second for each beginning of a key, and there may be eight such functions. */
const AT_ONCE = 32;

/** How often an object may change while it is being copied. */
const CHANGES = 5;

/** Of a batch: as small as can be, because the state machine collects it. */
export interface CopiedBatch {
  readonly lines: number;
}

/**
 * Copies what a batch names, and writes down what became of each line: a line of the list of copies, or that the object
 * has vanished. Done twice, it finds its copies there.
 */
export async function copyBatch(job: CopiesJob, batch: string, ports: BatchPorts): Promise<CopiedBatch> {
  const lines = await readBatch(ports.store, batch);
  const copied = await sideBySide(lines, AT_ONCE, ports.signal, (line, _, signal) => copyLine(job, line, { ...ports, signal }));
  await writeText(ports.store, copiedKey(batch), copied.map((entry) => `${entry === undefined ? "" : lineOf(entry)}\n`).join(""), ports.signal);
  return { lines: lines.length };
}

/** Nothing where the object was deleted before it could be copied; one that has changed is copied as it is now. */
async function copyLine(job: CopiesJob, line: WorkLine, ports: BatchPorts): Promise<InventoryEntry | undefined> {
  let wanted = line;
  for (let changes = 0; changes < CHANGES; changes += 1) {
    const copied = await copyVersion(wanted, ports);
    if (copied === "vanished") return undefined;
    if ("copyEtag" in copied) return copied;
    // What lies there may be of an earlier time with the same content, and about to expire.
    wanted = { ...copied, copy: copyOf(job, job.bucket, copied), overwrite: true };
  }
  throw new Error(`Expected ${addressIn(ports.from, line.key)} to stay as it is while it is copied, it changed ${CHANGES} times. Run the backup at a quieter hour, or switch the bucket's versioning on: then each version can be copied.`);
}

const addressIn = ({ name }: Bucket, key: string): string => `s3://${name}/${key}`;
