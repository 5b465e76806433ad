import { type Inspection, type SnapshotContents, SnapshotInspector } from "./snapshot-inspector.ts";

/** A snapshot that redis-cli fetches, as it passes by. */
export interface SnapshotStream {
  /** The snapshot and nothing else. Fails at its end unless it is whole. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Only once the body has ended. */
  readonly contents: () => SnapshotContents;
  readonly bytes: () => number;
}

export interface SnapshotOrigin extends Inspection {
  /** Of the server, or of what was stored. */
  readonly address: string;
  /** False for a file, behind which nothing may stand. Default: true. */
  readonly ofServer?: boolean;
}

/**
 * After a snapshot whose length it did not know, the server sends a mark of forty digits. redis-cli cuts it off a file,
 * but on standard output it stays.
 */
const END_MARK = /^(?:[0-9a-f]{40})?$/;
const MARK_BYTES = 40;
const NOTHING = /^$/;

export function readSnapshot(output: AsyncIterable<Uint8Array>, { address, ofServer = true, ...inspection }: SnapshotOrigin): SnapshotStream {
  const inspector = new SnapshotInspector(inspection);
  let contents: SnapshotContents | undefined;
  let bytes = 0;
  let after = Buffer.alloc(0);
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const chunk of refusalIn(output, address)) {
      const own = inspector.write(chunk);
      bytes += own;
      if (own > 0) yield chunk.subarray(0, own);
      after = Buffer.concat([after, chunk.subarray(own)]);
      if (after.length > MARK_BYTES) break;
    }
    contents = inspector.end();
    if (!(ofServer ? END_MARK : NOTHING).test(after.toString("latin1"))) throw new Error("Expected nothing after the end of the snapshot, more came.");
  }
  return {
    body: body(),
    bytes: () => bytes,
    contents: () => {
      if (contents === undefined) throw new Error("Expected the snapshot to have ended before it is described.");
      return contents;
    },
  };
}

async function* refusalIn(output: AsyncIterable<Uint8Array>, address: string): AsyncGenerator<Uint8Array> {
  try {
    yield* output;
  } catch (error) {
    const refusal = error instanceof Error ? /SYNC with master failed: -?(.*)/.exec(error.message)?.[1] : undefined;
    if (refusal === undefined) throw error;
    throw new Error(`Expected the Redis at ${address} to hand out a snapshot as it does to a replica, it refused: ${refusal.trim()}. `
      + "A user needs the right to it: ACL SETUSER <user> +info +sync +psync +replconf. ElastiCache gives it to nobody: write `elasticache: { replicationGroup: <id> }` in place of how it is reached, and it exports its snapshots.", { cause: error });
  }
}
