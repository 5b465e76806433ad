import type { Reading, SnapshotBytes } from "./snapshot-bytes.ts";
import { readLength, readNumber, readString, skipString } from "./snapshot-strings.ts";
import type { ValueSink } from "./value-sink.ts";

const ID_BYTES = 16;
const TIME_BYTES = 8;

/**
 * A stream: its entries in packs, then what is known of it and of its groups of consumers. Told are the parts that
 * Redis 5.0 knew too; what 7.0 added is derived from them when an older snapshot is read.
 */
export function* readStream(from: SnapshotBytes, since70: boolean, sink: ValueSink | undefined): Reading<void> {
  sink?.kind("stream");
  const text = textTo(from, sink);
  for (let left = yield* readLength(from); left > 0; left -= 1) {
    yield* text(); // The first ID of a pack.
    yield* text(); // The pack.
  }
  yield* numbers(from, 3, sink); // How many entries, and the last ID.
  if (since70) yield* numbers(from, 5, undefined); // The first ID, the largest deleted one, how many were ever added.
  for (let groups = yield* readLength(from); groups > 0; groups -= 1) {
    yield* text();
    yield* numbers(from, 2, sink); // The last ID that was delivered.
    if (since70) yield* numbers(from, 1, undefined); // How many were read.
    for (let pending = yield* readLength(from); pending > 0; pending -= 1) {
      yield* fixed(from, ID_BYTES + TIME_BYTES, sink);
      yield* numbers(from, 1, sink); // How often it was delivered.
    }
    for (let consumers = yield* readLength(from); consumers > 0; consumers -= 1) {
      yield* text();
      yield* fixed(from, TIME_BYTES, sink);
      for (let pending = yield* readLength(from); pending > 0; pending -= 1) yield* fixed(from, ID_BYTES, sink);
    }
  }
}

const MODULE_MARKS = { end: 0, signed: 1, unsigned: 2, float: 3, double: 4, string: 5 } as const;

/** A module's value: its pieces are marked, so it is read to its end without the module. */
export function* readModuleValue(from: SnapshotBytes, sink: ValueSink | undefined): Reading<void> {
  sink?.kind("module");
  yield* numbers(from, 1, sink); // Which module, and which version of its form.
  yield* readModulePieces(from, sink);
}

export function* readModulePieces(from: SnapshotBytes, sink: ValueSink | undefined): Reading<void> {
  const text = textTo(from, sink);
  for (let mark = yield* readLength(from); mark !== MODULE_MARKS.end; mark = yield* readLength(from)) {
    sink?.part(Buffer.of(mark));
    switch (mark) {
      case MODULE_MARKS.signed: case MODULE_MARKS.unsigned: yield* numbers(from, 1, sink); break;
      case MODULE_MARKS.float: yield* fixed(from, 4, sink); break;
      case MODULE_MARKS.double: yield* fixed(from, 8, sink); break;
      case MODULE_MARKS.string: yield* text(); break;
      default: throw new Error(`Expected a piece of a module's value at byte ${from.position} of the snapshot, its mark is ${mark}: the snapshot is corrupt.`);
    }
  }
}

const textTo = (from: SnapshotBytes, sink: ValueSink | undefined) => function* text(): Reading<void> {
  if (sink) sink.part(yield* readString(from));
  else yield* skipString(from);
};

function* numbers(from: SnapshotBytes, count: number, sink: ValueSink | undefined): Reading<void> {
  for (let left = count; left > 0; left -= 1) {
    const number = yield* readNumber(from);
    sink?.part(Buffer.from(String(number)));
  }
}

function* fixed(from: SnapshotBytes, length: number, sink: ValueSink | undefined): Reading<void> {
  if (sink) sink.part(yield* from.bytes(length));
  else yield* from.skip(length);
}
