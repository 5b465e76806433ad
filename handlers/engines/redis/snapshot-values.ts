import { intsetElements, listpackElements, ziplistElements } from "./packed-elements.ts";
import type { Reading, SnapshotBytes } from "./snapshot-bytes.ts";
import { readLength, readNumber, readString, skipString } from "./snapshot-strings.ts";
import { readModuleValue, readStream } from "./snapshot-structures.ts";
import type { ValueSink } from "./value-sink.ts";

/** Numbers of the types that servers from 5.0 to 7.0 write. */
const TYPES = {
  string: 0, list: 1, set: 2, hash: 4, sortedSet: 5, moduleWithoutMarks: 6, module: 7,
  intset: 11, sortedSetZiplist: 12, hashZiplist: 13, quicklist: 14, stream: 15, hashListpack: 16, sortedSetListpack: 17, quicklist2: 18, stream2: 19,
} as const;

/** Reads one value. Without a sink it only finds the value's end. */
export function* readValue(from: SnapshotBytes, type: number, sink: ValueSink | undefined): Reading<void> {
  switch (type) {
    case TYPES.string:
      sink?.kind("string");
      return sink ? sink.part(yield* readString(from)) : yield* skipString(from);
    case TYPES.list: return yield* elements(from, "list", sink, (element) => sink?.part(element));
    case TYPES.set: return yield* elements(from, "set", sink, (element) => sink?.member(element));
    case TYPES.hash: return yield* fields(from, sink);
    case TYPES.sortedSet: return yield* scored(from, sink);
    case TYPES.intset: return yield* packed(from, "set", sink, singles(intsetElements));
    case TYPES.hashZiplist: return yield* packed(from, "hash", sink, pairs(ziplistElements));
    case TYPES.hashListpack: return yield* packed(from, "hash", sink, pairs(listpackElements));
    case TYPES.sortedSetZiplist: return yield* packed(from, "zset", sink, pairs(ziplistElements, scoreOf));
    case TYPES.sortedSetListpack: return yield* packed(from, "zset", sink, pairs(listpackElements, scoreOf));
    case TYPES.quicklist: return yield* quicklist(from, false, sink);
    case TYPES.quicklist2: return yield* quicklist(from, true, sink);
    case TYPES.stream: return yield* readStream(from, false, sink);
    case TYPES.stream2: return yield* readStream(from, true, sink);
    case TYPES.module: return yield* readModuleValue(from, sink);
    case TYPES.moduleWithoutMarks:
      throw new Error("Expected values that can be told apart, one is a module's in the form of Redis 4.0: only its module knows where it ends. Write it again with a newer module.");
    default:
      throw new Error(`Expected a type of value that Redis 5.0 to 7.0 writes at byte ${from.position} of the snapshot, got ${type}: the snapshot is corrupt.`);
  }
}

function* elements(from: SnapshotBytes, kind: string, sink: ValueSink | undefined, take: (element: Buffer) => void): Reading<void> {
  sink?.kind(kind);
  for (let left = yield* readLength(from); left > 0; left -= 1) {
    if (sink) take(yield* readString(from));
    else yield* skipString(from);
  }
}

function* fields(from: SnapshotBytes, sink: ValueSink | undefined): Reading<void> {
  sink?.kind("hash");
  for (let left = yield* readLength(from); left > 0; left -= 1) {
    if (!sink) {
      yield* skipString(from);
      yield* skipString(from);
      continue;
    }
    const name = Buffer.from(yield* readString(from));
    sink.member(name, yield* readString(from));
  }
}

function* scored(from: SnapshotBytes, sink: ValueSink | undefined): Reading<void> {
  sink?.kind("zset");
  for (let left = yield* readLength(from); left > 0; left -= 1) {
    if (!sink) {
      yield* skipString(from);
      yield* from.skip(8);
      continue;
    }
    const name = Buffer.from(yield* readString(from));
    sink.member(name, yield* from.bytes(8));
  }
}

function* packed(from: SnapshotBytes, kind: string, sink: ValueSink | undefined, unpack: (pack: Buffer, sink: ValueSink) => void): Reading<void> {
  sink?.kind(kind);
  if (sink) unpack(yield* readString(from), sink);
  else yield* skipString(from);
}

/** A list in pieces. From Redis 7 on each piece says whether it is one long element, which stands as it is. */
function* quicklist(from: SnapshotBytes, marked: boolean, sink: ValueSink | undefined): Reading<void> {
  sink?.kind("list");
  for (let left = yield* readLength(from); left > 0; left -= 1) {
    const plain = marked && (yield* readNumber(from)) === 1n;
    if (!sink) yield* skipString(from);
    else if (plain) sink.part(yield* readString(from));
    else for (const element of (marked ? listpackElements : ziplistElements)(yield* readString(from))) sink.part(element);
  }
}

type Unpack = (pack: Buffer) => Iterable<Buffer>;

const singles = (unpack: Unpack) => (pack: Buffer, sink: ValueSink): void => {
  for (const element of unpack(pack)) sink.member(element);
};

const pairs = (unpack: Unpack, valueOf: (text: Buffer) => Uint8Array = (text) => text) => (pack: Buffer, sink: ValueSink): void => {
  let name: Buffer | undefined;
  for (const element of unpack(pack)) {
    if (name === undefined) {
      name = element;
      continue;
    }
    sink.member(name, valueOf(element));
    name = undefined;
  }
  if (name !== undefined) throw new Error("Expected the elements of a hash or a sorted set to come in pairs, one is alone: the snapshot is corrupt.");
};

/** A score that a small sorted set keeps as text, in the eight bytes in which a large one keeps it. */
function scoreOf(text: Buffer): Uint8Array {
  const word = text.toString("latin1");
  const score = Buffer.alloc(8);
  score.writeDoubleLE(word === "inf" ? Infinity : word === "-inf" ? -Infinity : Number(word));
  return score;
}
