import { createHash } from "node:crypto";
import { crc64Redis, RunningCrc64 } from "../crc64.ts";
import { SnapshotBytes } from "./snapshot-bytes.ts";
import { MARKS, walkSnapshot } from "./snapshot-walk.ts";

/** A snapshot of one shard of a cluster. */
export interface ShardSnapshot {
  /** As an error names it. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Bytes of `REDIS0010`. */
const HEAD_BYTES = 9;

/**
 * Snapshots of the shards of a cluster as one: each holds keys of its own, so what lies between head and end of each
 * follows the other's, under one checksum. A library of functions lies on every shard and goes in once: a server refuses
 * it a second time. One is passed on only when it proved whole, by its own checksum.
 */
export async function* mergeSnapshots(shards: readonly ShardSnapshot[]): AsyncGenerator<Uint8Array> {
  const crc = new RunningCrc64(crc64Redis);
  const seen: Seen = { libraries: new Set(), version: undefined };
  for (const shard of shards) {
    for await (const part of naming(shard, contentsOf(shard.bytes, seen))) {
      crc.update(part);
      yield part;
    }
  }
  const end = Buffer.of(MARKS.end);
  crc.update(end);
  const checksum = Buffer.alloc(8);
  checksum.writeUInt32LE(crc.value.low, 0);
  checksum.writeUInt32LE(crc.value.high, 4);
  yield Buffer.concat([end, checksum]);
}

interface Seen {
  readonly libraries: Set<string>;
  /** Of the first. */
  version: number | undefined;
}

/** One shard's part of the whole: of the first its head too, of none its end. */
async function* contentsOf(snapshot: AsyncIterable<Uint8Array>, seen: Seen): AsyncGenerator<Uint8Array> {
  const bytes = new SnapshotBytes();
  /** Ranges that are left out. */
  const cuts: (readonly [from: number, to: number])[] = [];
  /** From here on it is not decided yet. */
  let undecided: number | undefined = 0;
  let again = false;
  const reading = walkSnapshot(bytes, {
    version: (version) => {
      expectSame(version, seen.version);
      if (seen.version !== undefined) cuts.push([0, HEAD_BYTES]);
      seen.version = version;
    },
    mark: (mark, at) => {
      if (undecided !== undefined && again) cuts.push([undecided, at]);
      again = false;
      undecided = mark === MARKS.library || mark === MARKS.end ? at : undefined;
    },
    library: (code) => {
      const hash = createHash("sha256").update(code).digest("hex");
      again = seen.libraries.has(hash);
      seen.libraries.add(hash);
    },
    key: () => undefined,
  });

  let held: Buffer = Buffer.alloc(0);
  let heldFrom = 0;
  let whole = false;
  for await (const chunk of snapshot) {
    if (whole && chunk.length > 0) throw new Error("Expected nothing after the end of the snapshot, more came.");
    held = held.length === 0 ? Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length) : Buffer.concat([held, chunk]);
    bytes.push(chunk);
    whole = reading.next().done === true;
    if (whole && bytes.position < heldFrom + held.length) throw new Error("Expected nothing after the end of the snapshot, more came.");
    const until = undecided ?? bytes.position;
    // The head is decided on before it is passed.
    if (until > heldFrom) yield* without(cuts.splice(0), held, heldFrom, until);
    held = held.subarray(until - heldFrom);
    heldFrom = until;
  }
  if (!whole) throw new Error(bytes.position === 0 ? "Expected a snapshot of Redis, nothing came." : `Expected a whole snapshot of Redis, it breaks off after ${bytes.position} bytes.`);
}

function* without(cuts: readonly (readonly [from: number, to: number])[], held: Buffer, heldFrom: number, until: number): Generator<Buffer> {
  let at = heldFrom;
  for (const [from, to] of [...cuts, [until, until] as const]) {
    if (from > at) yield held.subarray(at - heldFrom, from - heldFrom);
    at = Math.max(at, to);
  }
}

function expectSame(version: number, first: number | undefined): void {
  if (first === undefined || first === version) return;
  throw new Error(`Expected every shard to have a snapshot of version ${first}, as the first, got version ${version}: the cluster is being upgraded. Run it again when that is over.`);
}

/** Which of them an error is about. */
export async function* naming({ name }: Pick<ShardSnapshot, "name">, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* bytes;
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}
