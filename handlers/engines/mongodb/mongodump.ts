import { join } from "node:path";
import type { ServerIdentity } from "../../../practice/contract/manifest.ts";
import { beginsWithin } from "../../programs/begins-within.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { outputOf, startProgram, toolsEnvironment } from "../../programs/program.ts";
import { type ArchiveContents, ArchiveInspector } from "./archive-inspector.ts";
import { helloOf, withClient } from "./client.ts";
import { connectionOf, type MongodbDatabase, redactionOfUri } from "./connection.ts";
import { MARK } from "./scratch-mark.ts";
import { identityOf } from "./server.ts";

/**
 * Milliseconds until mongodump must have written its first bytes, which it does after listing the collections. It waits
 * for ever for a server that takes a connection and says nothing, and then does not end when asked to either.
 */
const FIRST_BYTES_MILLISECONDS = 30_000;

/** A mongodump that runs. */
export interface Archive {
  /** What made it, with its version. */
  readonly tool: string;
  /** Fails at its end unless it is whole. */
  readonly body: AsyncIterable<Uint8Array>;
  /** Only once the body has ended, as all that follows. */
  readonly contents: () => ArchiveContents;
  readonly bytes: () => number;
  readonly server: () => ServerIdentity;
  /** May be called more than once. */
  readonly close: () => Promise<void>;
}

/** mongodump's archive, read while it passes by. What it started is ended when it throws. */
export async function startMongodump(source: MongodbDatabase, signal: AbortSignal): Promise<Archive> {
  const folder = await makePrivateFolder();
  try {
    const uri = await connectionOf(source, folder);
    const config = await folder.write("mongodump.yaml", `uri: ${JSON.stringify(uri)}\n`);
    const file = join(source.tools, "mongodump");
    const about = { file, env: { ...toolsEnvironment(source.tools), HOME: folder.path }, redact: redactionOfUri(uri, source.credentials) };

    const tool = (await outputOf({ ...about, args: ["--version"] }, signal)).split("\n")[0]?.trim() ?? "";
    const program = startProgram({ ...about, args: [`--config=${config}`, ...scopeOf(source), "--archive"] });
    const limitMilliseconds = source.firstBytesMilliseconds ?? FIRST_BYTES_MILLISECONDS;
    const inspector = new ArchiveInspector({ content: source.content ?? "full" });
    let whole: { readonly contents: ArchiveContents; readonly server: ServerIdentity } | undefined;
    let bytes = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for await (const chunk of beginsWithin(program.output, limitMilliseconds, silent(limitMilliseconds))) {
        inspector.write(chunk);
        bytes += chunk.length;
        yield chunk;
      }
      whole = { contents: inspector.end(), server: await serverOf(uri, signal) };
    }
    const described = (): NonNullable<typeof whole> => {
      if (whole === undefined) throw new Error("Expected the archive to have ended before it is described.");
      return whole;
    };
    return {
      tool,
      body: body(),
      contents: () => described().contents,
      bytes: () => bytes,
      server: () => described().server,
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

/** The mark of a scratch database says what may be done to it, and is no content. */
const scopeOf = ({ database, oplog = false }: MongodbDatabase): readonly string[] =>
  (oplog ? ["--oplog"] : [`--db=${database}`, `--excludeCollection=${MARK}`]);

/** A dump that is whole is not lost because its server has nothing to say to the driver: its address is known all the same. */
async function serverOf(uri: string, signal: AbortSignal): Promise<ServerIdentity> {
  try {
    return identityOf(uri, await withClient(uri, signal, helloOf));
  } catch {
    signal.throwIfAborted();
    return identityOf(uri, {});
  }
}

const silent = (milliseconds: number): string =>
  `Expected mongodump to begin within ${milliseconds / 1000} s, it did not: nothing answers there, or not with TLS. `
  + "Open the port for the function, or write \"tls\": false into the secret of a server that has none.";
