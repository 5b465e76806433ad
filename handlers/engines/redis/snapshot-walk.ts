import type { Reading, SnapshotBytes } from "./snapshot-bytes.ts";
import { readLength, readNumber, readString, skipString } from "./snapshot-strings.ts";
import { readModulePieces } from "./snapshot-structures.ts";
import { readValue } from "./snapshot-values.ts";
import type { ValueSink } from "./value-sink.ts";

/** A key as it comes by. */
export interface SnapshotKey {
  /** Number of its logical database. */
  readonly database: number;
  readonly name: Buffer;
  readonly type: number;
  /** Milliseconds since 1970; absent for a key that stays. */
  readonly expiresAt?: number;
}

/** Who is told what a snapshot holds, in its order. */
export interface SnapshotVisitor {
  readonly version?: (version: number) => void;
  /** Before what each mark begins; `at`: its own place. */
  readonly mark?: (mark: number, at: number) => void;
  readonly about?: (name: string, value: string) => void;
  /** The source text of a library of functions. */
  readonly library?: (code: Buffer) => void;
  /** Before the value of each key; the sink is told what it holds. */
  readonly key: (key: SnapshotKey) => ValueSink | undefined;
  readonly keyEnd?: (key: SnapshotKey) => void;
}

export interface SnapshotEnd {
  readonly version: number;
  /** `off`: the server writes none (`rdbchecksum no`), so flipped bits that keep the form are not seen. */
  readonly checksum: "verified" | "off";
}

/**
 * Versions of the form that are read: what Redis 5.0 to 7.0 writes. Newer ones hold types that the programs of the
 * tools layer, the last Redis under a BSD licence, do not know either.
 */
const SNAPSHOT_VERSIONS = { oldest: 9, newest: 10 } as const;

const MAGIC = "REDIS";

/** What stands where the type of a value could. */
export const MARKS = {
  library: 245, moduleAbout: 247, idle: 248, frequency: 249, about: 250, sizes: 251,
  expiresAtMilliseconds: 252, expiresAtSeconds: 253, database: 254, end: 255,
} as const;

/** Reads a snapshot to its end and its checksum; what follows is not its own. */
export function* walkSnapshot(from: SnapshotBytes, visitor: SnapshotVisitor): Reading<SnapshotEnd> {
  const version = yield* readVersion(from);
  visitor.version?.(version);
  let database = 0;
  let expiresAt: number | undefined;
  for (let mark = yield* readMark(from, visitor); mark !== MARKS.end; mark = yield* readMark(from, visitor)) {
    switch (mark) {
      case MARKS.expiresAtMilliseconds: expiresAt = Number((yield* from.bytes(8)).readBigInt64LE()); break;
      case MARKS.expiresAtSeconds: expiresAt = (yield* from.bytes(4)).readInt32LE() * 1000; break;
      case MARKS.idle: yield* readNumber(from); break;
      case MARKS.frequency: yield* from.skip(1); break;
      case MARKS.database: database = yield* readLength(from); break;
      case MARKS.sizes:
        yield* readLength(from);
        yield* readLength(from);
        break;
      case MARKS.about: {
        const name = (yield* readString(from)).toString();
        const value = (yield* readString(from)).toString();
        visitor.about?.(name, value);
        break;
      }
      case MARKS.library:
        if (visitor.library) visitor.library(yield* readString(from));
        else yield* skipString(from);
        break;
      case MARKS.moduleAbout:
        // Which module, and when it is to be told.
        for (let left = 3; left > 0; left -= 1) yield* readNumber(from);
        yield* readModulePieces(from, undefined);
        break;
      default: {
        const key = { database, name: Buffer.from(yield* readString(from)), type: mark, ...(expiresAt === undefined ? {} : { expiresAt }) };
        expiresAt = undefined;
        yield* readValue(from, mark, visitor.key(key));
        visitor.keyEnd?.(key);
      }
    }
  }
  return { version, checksum: yield* readChecksum(from) };
}

function* readMark(from: SnapshotBytes, visitor: SnapshotVisitor): Reading<number> {
  const mark = yield* from.byte();
  visitor.mark?.(mark, from.position - 1);
  return mark;
}

function* readVersion(from: SnapshotBytes): Reading<number> {
  const head = (yield* from.bytes(MAGIC.length + 4)).toString("latin1");
  const digits = head.slice(MAGIC.length);
  if (!head.startsWith(MAGIC) || !/^\d{4}$/.test(digits)) throw new Error("Expected the first bytes of a snapshot of Redis, other ones came.");
  const version = Number(digits);
  const { oldest, newest } = SNAPSHOT_VERSIONS;
  if (version < oldest || version > newest) {
    throw new Error(`Expected a snapshot of version ${oldest} or ${newest}, which Redis 5.0 to 7.0 writes, got version ${version}: `
      + "neither this nor the redis-check-rdb of the tools layer reads it. Let the server's provider take its snapshots.");
  }
  return version;
}

function* readChecksum(from: SnapshotBytes): Reading<SnapshotEnd["checksum"]> {
  const { high, low } = from.checksum;
  const said = yield* from.bytes(8);
  const [saidLow, saidHigh] = [said.readUInt32LE(0), said.readUInt32LE(4)];
  if (saidLow === 0 && saidHigh === 0) return "off";
  if (saidLow === low && saidHigh === high) return "verified";
  throw new Error("Expected the snapshot to have the checksum that stands at its end, it has another: the snapshot is corrupt.");
}
