import type { Dump } from "../dump.ts";
import { mergeSnapshots, naming, type ShardSnapshot } from "./merged-snapshot.ts";
import { snapshotDump, type SnapshotDumpArgs } from "./snapshot-dump.ts";
import { readSnapshot } from "./snapshot-stream.ts";

export interface ExportedSnapshot extends SnapshotDumpArgs {
  /** One for each shard, at least one. */
  readonly shards: readonly ShardSnapshot[];
  /** Default: true. */
  readonly hashes?: boolean;
}

/** Snapshots that a provider took and exported. One is stored as it came, several as one. */
export function openExportedDump({ shards, hashes, ...args }: ExportedSnapshot): Dump {
  const [first, ...others] = shards;
  if (first === undefined) throw new Error("Expected an exported snapshot, there is none.");
  const origin = { address: first.name, ofServer: false, ...(hashes === undefined ? {} : { hashes }) };
  const snapshot = readSnapshot(others.length === 0 ? first.bytes : mergeSnapshots(shards), origin);
  return snapshotDump({ ...snapshot, body: others.length === 0 ? naming(first, snapshot.body) : snapshot.body }, args);
}
