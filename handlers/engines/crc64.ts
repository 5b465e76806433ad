/** A 64-bit value as two unsigned halves: JavaScript numbers hold 53 bits, and BigInt is ten times slower here. */
export interface Crc64 {
  readonly high: number;
  readonly low: number;
}

/** Bytes per step. Eight tables of 256 entries stay in the processor's cache. */
const SLICE = 8;

// Every index is inside its table by construction; the fallback only satisfies the type checker and costs nothing measurable.
const byte = (bytes: Uint8Array, index: number): number => bytes[index] ?? 0;
const word = (table: Int32Array, index: number): number => table[index] ?? 0;

/** One of the checksums that are called CRC-64; all of them here are reflected. */
export interface Crc64Kind {
  readonly tables: { readonly high: Int32Array; readonly low: Int32Array };
  /** What it begins with, and what is taken out of the result. */
  readonly mask: number;
}

/** CRC-64/XZ, which Go's `crc64.ECMA` is: what mongodump writes after each namespace. */
export const crc64Xz: Crc64Kind = { tables: makeTables({ high: 0xc96c5795, low: 0xd7870f42 }), mask: 0xffffffff };

/** CRC-64 with Jones' polynomial: what Redis writes at the end of a snapshot and of each dumped value. */
export const crc64Redis: Crc64Kind = { tables: makeTables({ high: 0x95ac9329, low: 0xac4bc9b5 }), mask: 0 };

/** Takes up a checksum, begun or new, over more bytes. */
export class RunningCrc64 {
  readonly #kind: Crc64Kind;
  #high: number;
  #low: number;

  constructor(kind: Crc64Kind) {
    this.#kind = kind;
    this.#high = kind.mask;
    this.#low = kind.mask;
  }

  update(bytes: Uint8Array): void {
    const { high: tableHigh, low: tableLow } = this.#kind.tables;
    let high = this.#high;
    let low = this.#low;
    let at = 0;
    for (const end = bytes.length - SLICE; at <= end; at += SLICE) {
      low ^= byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24);
      high ^= byte(bytes, at + 4) | (byte(bytes, at + 5) << 8) | (byte(bytes, at + 6) << 16) | (byte(bytes, at + 7) << 24);
      const a = 1792 + (low & 0xff), b = 1536 + ((low >>> 8) & 0xff), c = 1280 + ((low >>> 16) & 0xff), d = 1024 + (low >>> 24);
      const e = 768 + (high & 0xff), f = 512 + ((high >>> 8) & 0xff), g = 256 + ((high >>> 16) & 0xff), h = high >>> 24;
      high = word(tableHigh, a) ^ word(tableHigh, b) ^ word(tableHigh, c) ^ word(tableHigh, d)
        ^ word(tableHigh, e) ^ word(tableHigh, f) ^ word(tableHigh, g) ^ word(tableHigh, h);
      low = word(tableLow, a) ^ word(tableLow, b) ^ word(tableLow, c) ^ word(tableLow, d)
        ^ word(tableLow, e) ^ word(tableLow, f) ^ word(tableLow, g) ^ word(tableLow, h);
    }
    for (; at < bytes.length; at += 1) {
      const index = (low ^ byte(bytes, at)) & 0xff;
      low = ((low >>> 8) | (high << 24)) ^ word(tableLow, index);
      high = (high >>> 8) ^ word(tableHigh, index);
    }
    this.#high = high;
    this.#low = low;
  }

  get value(): Crc64 {
    const { mask } = this.#kind;
    return { high: (this.#high ^ mask) >>> 0, low: (this.#low ^ mask) >>> 0 };
  }
}

/** Table n (from `n * 256`) holds the effect of a byte that n more bytes follow. */
function makeTables(polynomial: Crc64): { readonly high: Int32Array; readonly low: Int32Array } {
  const high = new Int32Array(SLICE * 256);
  const low = new Int32Array(SLICE * 256);
  for (let index = 0; index < 256; index += 1) {
    let h = 0;
    let l = index;
    for (let bit = 0; bit < 8; bit += 1) {
      const odd = l & 1;
      l = (l >>> 1) | (h << 31);
      h >>>= 1;
      if (odd === 1) {
        l ^= polynomial.low;
        h ^= polynomial.high;
      }
    }
    high[index] = h;
    low[index] = l;
  }
  for (let index = 256; index < SLICE * 256; index += 1) {
    const h = word(high, index - 256);
    const l = word(low, index - 256);
    high[index] = (h >>> 8) ^ word(high, l & 0xff);
    low[index] = ((l >>> 8) | (h << 24)) ^ word(low, l & 0xff);
  }
  return { high, low };
}
