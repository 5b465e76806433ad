import type { FileHandle } from "node:fs/promises";

const MEBIBYTE = 1024 * 1024;

/** A program writes some KiB at a time; a call to the system for each would cost more than all else that is done with them. */
const BATCH_BYTES = MEBIBYTE;

/** The disk takes these while the next ones come: at the end there is little left to wait for. */
const SYNCED_BYTES = 64 * MEBIBYTE;

/** Writes all of it, in order; what has been written is on the disk when this returns. */
export async function fill(file: FileHandle, body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  let syncing = Promise.resolve();
  let unsynced = 0;
  for await (const batch of batchesOf(body)) {
    unsynced += await writeWhole(file, batch);
    if (unsynced < SYNCED_BYTES) continue;
    // A disk that is slower than the source slows it down, where its memory would fill.
    await syncing;
    syncing = file.datasync();
    // Heard of at the next turn; a source that fails before is the first failure all the same.
    syncing.catch(() => undefined);
    unsynced = 0;
  }
  await syncing;
  await file.sync();
}

/** A nearly full disk takes a part of what it is given, and refuses the next. Gives the bytes. */
async function writeWhole(file: FileHandle, batch: readonly Uint8Array[]): Promise<number> {
  const bytes = batch.reduce((sum, chunk) => sum + chunk.length, 0);
  let { bytesWritten: written } = await file.writev(batch);
  if (written === bytes) return bytes;
  const whole = Buffer.concat(batch);
  while (written < bytes) written += (await file.write(whole, written)).bytesWritten;
  return bytes;
}

async function* batchesOf(body: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): AsyncGenerator<readonly Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    batch.push(chunk);
    bytes += chunk.length;
    if (bytes < BATCH_BYTES) continue;
    yield batch;
    batch = [];
    bytes = 0;
  }
  if (bytes > 0) yield batch;
}
