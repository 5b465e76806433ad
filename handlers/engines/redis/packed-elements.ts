/** The compact forms in which Redis holds small collections; each gives its elements as the texts that a client would see. */

/** A listpack (Redis 7). */
export function* listpackElements(pack: Buffer): Generator<Buffer> {
  let at = 6; // Total bytes and number of elements.
  for (let first = byteAt(pack, at); first !== 0xff; first = byteAt(pack, at)) {
    const entry = listpackEntry(pack, at, first);
    yield typeof entry.value === "object" ? within(pack, entry.value.at, entry.value.length) : text(entry.value);
    at += entry.bytes + backLengthBytes(entry.bytes);
  }
  expectEnd(pack, at + 1);
}

interface Entry {
  readonly value: number | bigint | { readonly at: number; readonly length: number };
  /** Without the length that follows for those who read backwards. */
  readonly bytes: number;
}

function listpackEntry(pack: Buffer, at: number, first: number): Entry {
  if (first < 0x80) return { value: first, bytes: 1 };
  if (first < 0xc0) return string(at + 1, first & 0x3f, 1);
  if (first < 0xe0) return { value: (((first & 0x1f) << 8 | byteAt(pack, at + 1)) << 19) >> 19, bytes: 2 };
  if (first < 0xf0) return string(at + 2, (first & 0x0f) << 8 | byteAt(pack, at + 1), 2);
  switch (first) {
    case 0xf0: return string(at + 5, within(pack, at + 1, 4).readUInt32LE(), 5);
    case 0xf1: return { value: within(pack, at + 1, 2).readInt16LE(), bytes: 3 };
    case 0xf2: return { value: within(pack, at + 1, 3).readIntLE(0, 3), bytes: 4 };
    case 0xf3: return { value: within(pack, at + 1, 4).readInt32LE(), bytes: 5 };
    case 0xf4: return { value: within(pack, at + 1, 8).readBigInt64LE(), bytes: 9 };
    default: throw corrupt();
  }
}

/** A ziplist (before Redis 7). */
export function* ziplistElements(pack: Buffer): Generator<Buffer> {
  let at = 10; // Total bytes, offset of the last element, number of elements.
  while (byteAt(pack, at) !== 0xff) {
    at += byteAt(pack, at) === 0xfe ? 5 : 1; // Length of the element before.
    const { value, bytes } = ziplistEntry(pack, at);
    yield typeof value === "object" ? within(pack, value.at, value.length) : text(value);
    at += bytes;
  }
  expectEnd(pack, at + 1);
}

function ziplistEntry(pack: Buffer, at: number): Entry {
  const first = byteAt(pack, at);
  if (first < 0x40) return string(at + 1, first, 1);
  if (first < 0x80) return string(at + 2, (first & 0x3f) << 8 | byteAt(pack, at + 1), 2);
  if (first < 0xc0) return string(at + 5, within(pack, at + 1, 4).readUInt32BE(), 5);
  switch (first) {
    case 0xc0: return { value: within(pack, at + 1, 2).readInt16LE(), bytes: 3 };
    case 0xd0: return { value: within(pack, at + 1, 4).readInt32LE(), bytes: 5 };
    case 0xe0: return { value: within(pack, at + 1, 8).readBigInt64LE(), bytes: 9 };
    case 0xf0: return { value: within(pack, at + 1, 3).readIntLE(0, 3), bytes: 4 };
    case 0xfe: return { value: within(pack, at + 1, 1).readInt8(), bytes: 2 };
    default:
      if (first > 0xf0 && first < 0xfe) return { value: (first & 0x0f) - 1, bytes: 1 };
      throw corrupt();
  }
}

/** A set of whole numbers. */
export function* intsetElements(pack: Buffer): Generator<Buffer> {
  const width = within(pack, 0, 4).readUInt32LE();
  const count = within(pack, 4, 4).readUInt32LE();
  if (width !== 2 && width !== 4 && width !== 8) throw corrupt();
  for (let index = 0; index < count; index += 1) {
    const number = within(pack, 8 + index * width, width);
    yield text(width === 8 ? number.readBigInt64LE() : number.readIntLE(0, width));
  }
  expectEnd(pack, 8 + count * width);
}

const string = (at: number, length: number, header: number): Entry => ({ value: { at, length }, bytes: header + length });
const text = (number: number | bigint): Buffer => Buffer.from(String(number));
/** Redis 7 takes one byte more than it would need just below each limit but the first. */
const backLengthBytes = (bytes: number): number => (bytes < 128 ? 1 : bytes < 16_383 ? 2 : bytes < 2_097_151 ? 3 : bytes < 268_435_455 ? 4 : 5);

function byteAt(pack: Buffer, at: number): number {
  const value = pack[at];
  if (value === undefined) throw corrupt();
  return value;
}

function within(pack: Buffer, at: number, length: number): Buffer {
  if (at + length > pack.length) throw corrupt();
  return pack.subarray(at, at + length);
}

function expectEnd(pack: Buffer, end: number): void {
  if (end !== pack.length) throw corrupt();
}

const corrupt = (): Error => new Error("Expected the elements of a small collection of the snapshot to fill it, they do not: the snapshot is corrupt.");
