import { type Dump, type DumpDescription, readObjectCommand } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { databaseName } from "./snapshot-inspector.ts";
import type { SnapshotStream } from "./snapshot-stream.ts";

export interface SnapshotDumpArgs {
  /** Number of the logical database that must not be empty. */
  readonly database: string;
  /** What only its source knows; asked when the snapshot has ended. */
  readonly about: () => Pick<DumpDescription, "tool" | "serverVersion" | "server" | "consistency" | "startedAt">;
  readonly close: Dump["close"];
}

/** A snapshot, wherever it comes from, compressed here and described by what was read of it. */
export const snapshotDump = (snapshot: SnapshotStream, { database, about, close }: SnapshotDumpArgs): Dump => ({
  extension: "rdb.gz",
  body: gzip(expectKeys(snapshot.body, () => snapshot.contents().counts, database)),
  describe: () => {
    const { counts, hashes, hashedBy, checksum } = snapshot.contents();
    const { consistency, ...origin } = about();
    return {
      ...origin,
      consistency: `${consistency}${checksum === "off" ? " Without a checksum of its own, the server writes none (rdbchecksum no)." : ""}`,
      counts,
      ...(hashes === undefined || hashedBy === undefined ? {} : { hashes, hashedBy }),
      dumpBytes: snapshot.bytes(),
      restoreCommand: (address) => `${readObjectCommand(address)} | gunzip > restored.rdb && redis-check-rdb restored.rdb `
        + "&& redis-server --port 6380 --dir . --dbfilename restored.rdb --appendonly no",
    };
  },
  close,
});

/** A number that no database has is an empty database to Redis: a backup of nothing would become the newest one. */
async function* expectKeys(body: AsyncIterable<Uint8Array>, counts: () => Readonly<Record<string, number>>, database: string): AsyncGenerator<Uint8Array> {
  yield* body;
  const found = counts();
  if ((found[databaseName(Number(database))] ?? 0) > 0) return;
  const others = Object.keys(found).filter((name) => name.startsWith("db"));
  throw new Error(`Expected keys in the database ${database} of Redis, it has none${others.length > 0 ? ` (${others.join(", ")} do)` : ""}. Is the number right?`);
}
