import { unpackLzf } from "./lzf.ts";
import type { Reading, SnapshotBytes } from "./snapshot-bytes.ts";

/** Where a length would stand, the two highest bits of its first byte say that a string is stored in another form. */
const FORMS = { int8: 0, int16: 1, int32: 2, packed: 3 } as const;

/** A length, or a form as `-1 - form`. */
function* lengthOrForm(from: SnapshotBytes): Reading<number> {
  const first = yield* from.byte();
  if (first < 0x40) return first;
  if (first < 0x80) return (first & 0x3f) << 8 | (yield* from.byte());
  if (first === 0x80) return (yield* from.bytes(4)).readUInt32BE();
  if (first === 0x81) return Number((yield* from.bytes(8)).readBigUInt64BE());
  if (first >= 0xc0) return -1 - (first & 0x3f);
  throw new Error(`Expected a length at byte ${from.position} of the snapshot, none begins with ${first}: the snapshot is corrupt.`);
}

export function* readLength(from: SnapshotBytes): Reading<number> {
  const length = yield* lengthOrForm(from);
  if (length >= 0) return length;
  throw new Error(`Expected a length at byte ${from.position} of the snapshot, a form of a string came: the snapshot is corrupt.`);
}

/** A number of 64 bits that is stored as lengths are; only its digits matter. */
export function* readNumber(from: SnapshotBytes): Reading<bigint> {
  const first = yield* from.byte();
  if (first === 0x81) return (yield* from.bytes(8)).readBigUInt64BE();
  if (first === 0x80) return BigInt((yield* from.bytes(4)).readUInt32BE());
  if (first < 0x40) return BigInt(first);
  if (first < 0x80) return BigInt((first & 0x3f) << 8 | (yield* from.byte()));
  throw new Error(`Expected a number at byte ${from.position} of the snapshot, none begins with ${first}: the snapshot is corrupt.`);
}

/** A string as a client would see it. Valid until the next step. */
export function* readString(from: SnapshotBytes): Reading<Buffer> {
  const length = yield* lengthOrForm(from);
  if (length >= 0) return yield* from.bytes(length);
  switch (-1 - length) {
    case FORMS.int8: return Buffer.from(String((yield* from.bytes(1)).readInt8()));
    case FORMS.int16: return Buffer.from(String((yield* from.bytes(2)).readInt16LE()));
    case FORMS.int32: return Buffer.from(String((yield* from.bytes(4)).readInt32LE()));
    case FORMS.packed: {
      const packedLength = yield* readLength(from);
      const unpackedLength = yield* readLength(from);
      return unpackLzf(yield* from.bytes(packedLength), unpackedLength);
    }
    default: throw new Error(`Expected a string at byte ${from.position} of the snapshot, its form is ${-1 - length}: the snapshot is corrupt.`);
  }
}

/** Passes over a string, holding nothing of it. */
export function* skipString(from: SnapshotBytes): Reading<void> {
  const length = yield* lengthOrForm(from);
  if (length >= 0) return yield* from.skip(length);
  switch (-1 - length) {
    case FORMS.int8: return yield* from.skip(1);
    case FORMS.int16: return yield* from.skip(2);
    case FORMS.int32: return yield* from.skip(4);
    case FORMS.packed: {
      const packedLength = yield* readLength(from);
      yield* readLength(from);
      return yield* from.skip(packedLength);
    }
    default: throw new Error(`Expected a string at byte ${from.position} of the snapshot, its form is ${-1 - length}: the snapshot is corrupt.`);
  }
}
