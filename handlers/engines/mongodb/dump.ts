import type { Dump } from "../dump.ts";
import { readObjectCommand, shellWord } from "../dump.ts";
import { gzip } from "../gzip.ts";
import type { MongodbDatabase } from "./connection.ts";
import { type Archive, startMongodump } from "./mongodump.ts";
import { allOf } from "./namespace-pattern.ts";

/** Compressed here: mongodump's own compression does 25 MiB/s. */
export async function openMongodbDump(source: MongodbDatabase, signal: AbortSignal): Promise<Dump> {
  const archive = await startMongodump(source, signal);
  return {
    extension: "archive.gz",
    body: gzip(notEmpty(archive, source.database)),
    describe: () => {
      const { serverVersion, counts, hashes, hashedBy } = archive.contents();
      return {
        tool: archive.tool,
        serverVersion,
        consistency: source.oplog === true ? ONE_MOMENT : EACH_BY_ITSELF,
        server: archive.server(),
        counts,
        ...(hashes === undefined || hashedBy === undefined ? {} : { hashes, hashedBy }),
        dumpBytes: archive.bytes(),
        restoreCommand: (from) => `${readObjectCommand(from)} | mongorestore --archive --gzip --stopOnError ${source.oplog === true ? "--oplogReplay" : renamed(source.database)}`,
      };
    },
    close: archive.close,
  };
}

const EACH_BY_ITSELF = "Each collection by itself: collections were read one after the other, and writes between them are not in step.";
const ONE_MOMENT = "One moment for the whole replica set: that at which the dump ended, once the oplog in it is replayed (--oplogReplay); "
  + "counts and hashes are those of the collections before that.";

const renamed = (database: string): string => `--nsFrom=${shellWord(allOf(database))} --nsTo=${shellWord(allOf(`${database}_restored`))}`;

async function* notEmpty(archive: Archive, database: string): AsyncGenerator<Uint8Array> {
  yield* archive.body;
  // mongodump takes a name that no database has for an empty database, and says nothing.
  if (Object.keys(archive.contents().counts).length === 0) {
    throw new Error(`Expected collections in the database ${database}, it has none. Is the name right, and may the user read it?`);
  }
}
