import { type Crc64, crc64Redis, RunningCrc64 } from "../crc64.ts";

/** A reading under way: it yields whenever the bytes that have come are not enough, and goes on when more are there. */
export type Reading<Result> = Generator<void, Result, void>;

/** Redis' own limit of one string, 512 MiB; a length above it is a flipped bit. */
const LONGEST_BYTES = 512 * 1024 * 1024;

/** The bytes of a snapshot as they come, in the order they are asked for, with the checksum of all that was read. */
export class SnapshotBytes {
  #chunk: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Up to where the chunk has been summed and kept. */
  #settled = 0;
  #before = 0;
  readonly #crc = new RunningCrc64(crc64Redis);
  #kept: Uint8Array[] | undefined;

  /** Only where a reading has yielded: it has then read all that came before. */
  push(chunk: Uint8Array): void {
    this.#settle();
    this.#before += this.#chunk.length;
    this.#chunk = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    this.#at = 0;
    this.#settled = 0;
  }

  /** Bytes that were read. */
  get position(): number {
    return this.#before + this.#at;
  }

  /** Of all that was read. */
  get checksum(): Crc64 {
    this.#settle();
    return this.#crc.value;
  }

  /** Begins to keep what is read. */
  keep(): void {
    this.#settle();
    this.#kept = [];
  }

  /** What was read since, and ends the keeping. */
  kept(): readonly Uint8Array[] {
    this.#settle();
    const kept = this.#kept ?? [];
    this.#kept = undefined;
    return kept;
  }

  *byte(): Reading<number> {
    while (this.#at === this.#chunk.length) yield;
    const value = this.#chunk[this.#at] ?? 0;
    this.#at += 1;
    return value;
  }

  /** The next bytes in one piece. Valid until the next step. */
  *bytes(length: number): Reading<Buffer> {
    this.#expectPossible(length);
    if (this.#chunk.length - this.#at >= length) return this.#take(length);
    const parts: Buffer[] = [];
    for (let left = length; left > 0;) {
      const part = yield* this.#some(left);
      parts.push(part);
      left -= part.length;
    }
    return Buffer.concat(parts, length);
  }

  /** Passes over the next bytes, holding none of them. */
  *skip(length: number): Reading<void> {
    this.#expectPossible(length);
    for (let left = length; left > 0;) left -= (yield* this.#some(left)).length;
  }

  *#some(atMost: number): Reading<Buffer> {
    while (this.#at === this.#chunk.length) yield;
    return this.#take(Math.min(atMost, this.#chunk.length - this.#at));
  }

  #take(length: number): Buffer {
    const taken = this.#chunk.subarray(this.#at, this.#at + length);
    this.#at += length;
    return taken;
  }

  #settle(): void {
    const read = this.#chunk.subarray(this.#settled, this.#at);
    if (read.length > 0) {
      this.#crc.update(read);
      this.#kept?.push(read);
    }
    this.#settled = this.#at;
  }

  #expectPossible(length: number): void {
    if (length <= LONGEST_BYTES) return;
    throw new Error(`Expected a string of at most ${LONGEST_BYTES} bytes at byte ${this.position} of the snapshot, one of ${length} is announced: the snapshot is corrupt.`);
  }
}
