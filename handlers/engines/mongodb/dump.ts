import { join } from "node:path";
import { beginsWithin } from "../../programs/begins-within.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { outputOf, startProgram, toolsEnvironment } from "../../programs/program.ts";
import type { Dump } from "../dump.ts";
import { readObjectCommand, shellWord } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { type ArchiveContents, ArchiveInspector } from "./archive-inspector.ts";
import { connectionOf, type MongodbDatabase, redactionOfUri } from "./connection.ts";

/**
 * Milliseconds until mongodump must have written its first bytes, which it does after listing the collections. It waits
 * for ever for a server that takes a connection and says nothing, and then does not end when asked to either.
 */
const FIRST_BYTES_MILLISECONDS = 30_000;

/** mongodump's archive, read while it passes by and compressed here: mongodump's own compression does 25 MiB/s. */
export async function openMongodbDump(source: MongodbDatabase, signal: AbortSignal): Promise<Dump> {
  const folder = await makePrivateFolder();
  try {
    const uri = await connectionOf(source, folder);
    const config = await folder.write("mongodump.yaml", `uri: ${JSON.stringify(uri)}\n`);
    const file = join(source.tools, "mongodump");
    const about = { file, env: { ...toolsEnvironment(source.tools), HOME: folder.path }, redact: redactionOfUri(uri, source.credentials) };

    const tool = (await outputOf({ ...about, args: ["--version"] }, signal)).split("\n")[0]?.trim() ?? "";
    const program = startProgram({ ...about, args: [`--config=${config}`, `--db=${source.database}`, "--archive"] });
    const limitMilliseconds = source.firstBytesMilliseconds ?? FIRST_BYTES_MILLISECONDS;
    const inspected = inspect(beginsWithin(program.output, limitMilliseconds, silent(limitMilliseconds)), source.database);
    return {
      extension: "archive.gz",
      body: gzip(inspected.body),
      describe: () => ({
        tool,
        serverVersion: inspected.contents().serverVersion,
        consistency: "Each collection by itself: collections were read one after the other, and writes between them are not in step.",
        counts: inspected.contents().counts,
        dumpBytes: inspected.bytes(),
        restoreCommand: (from) => `${readObjectCommand(from)} | mongorestore --archive --gzip --stopOnError `
          + `--nsFrom=${shellWord(`${source.database}.*`)} --nsTo=${shellWord(`${source.database}_restored.*`)}`,
      }),
      close: async () => {
        await program.stop();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}

const silent = (milliseconds: number): string =>
  `Expected mongodump to begin within ${milliseconds / 1000} s, it did not: nothing answers there, or not with TLS. `
  + "Open the port for the function, or write \"tls\": false into the secret of a server that has none.";

interface Inspected {
  readonly body: AsyncIterable<Uint8Array>;
  readonly contents: () => ArchiveContents;
  readonly bytes: () => number;
}

function inspect(source: AsyncIterable<Uint8Array>, database: string): Inspected {
  const inspector = new ArchiveInspector();
  let contents: ArchiveContents | undefined;
  let bytes = 0;
  async function* body(): AsyncGenerator<Uint8Array> {
    for await (const chunk of source) {
      inspector.write(chunk);
      bytes += chunk.length;
      yield chunk;
    }
    contents = inspector.end();
    // mongodump takes a name that no database has for an empty database, and says nothing.
    if (Object.keys(contents.counts).length === 0) {
      throw new Error(`Expected collections in the database ${database}, it has none. Is the name right, and may the user read it?`);
    }
  }
  return {
    body: body(),
    bytes: () => bytes,
    contents: () => {
      if (contents === undefined) throw new Error("Expected the archive to have ended before it is described.");
      return contents;
    },
  };
}
