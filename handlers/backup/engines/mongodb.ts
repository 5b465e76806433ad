import { join } from "node:path";
import { type Redact, redactionOf } from "../../runtime/redaction.ts";
import { ArchiveInspector, type ArchiveContents } from "../archive-inspector.ts";
import { beginsWithin } from "../begins-within.ts";
import type { Dump } from "../dump.ts";
import { shellWord } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { makePrivateFolder, type PrivateFolder } from "../private-folder.ts";
import { outputOf, startProgram, toolsEnvironment } from "../program.ts";
import type { Credentials, UserCredentials } from "../secret.ts";

export interface MongodbSource {
  readonly credentials: Credentials;
  readonly database: string;
  /** Used where the secret names none. Absent: the host is looked up as Atlas wants it (`mongodb+srv`). */
  readonly defaultPort?: number;
  /** Folder with mongodump. */
  readonly tools: string;
  /** Default: 30,000. */
  readonly firstBytesMilliseconds?: number;
}

/**
 * Milliseconds until mongodump must have written its first bytes, which it does after listing the collections. It waits
 * for ever for a server that takes a connection and says nothing, and then does not end when asked to either.
 */
const FIRST_BYTES_MILLISECONDS = 30_000;

/** Milliseconds until a cluster that cannot be reached is given up; before the limit above, which knows less of why. */
const CONNECT_MILLISECONDS = 20_000;

/** mongodump's archive, read while it passes by and compressed here: mongodump's own compression does 25 MiB/s. */
export async function openMongodbDump(source: MongodbSource, signal: AbortSignal): Promise<Dump> {
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
        restoreCommand: (from) => `aws s3 cp ${shellWord(from)} - | mongorestore --archive --gzip --stopOnError `
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

async function connectionOf({ credentials, defaultPort }: MongodbSource, folder: PrivateFolder): Promise<string> {
  const options = new URLSearchParams({ serverSelectionTimeoutMS: String(CONNECT_MILLISECONDS) });
  if (credentials.caCertificate !== undefined) options.set("tlsCAFile", await folder.write("authorities.pem", credentials.caCertificate));
  if ("uri" in credentials) return withOptions(credentials.uri, options);
  options.set("authSource", credentials.authSource ?? "admin");
  const address = addressOf(credentials, defaultPort);
  // Said, not left to the tool: without it mongodump falls back to a connection that anyone can read.
  options.set("tls", String(credentials.tls ?? true));
  return `${address.scheme}://${encodeURIComponent(credentials.username)}:${encodeURIComponent(credentials.password)}@${address.hosts}/?${options.toString()}`;
}

/** A host with a port is a server (several, parted by commas, a replica set); one without is a cluster that DNS knows. */
function addressOf({ host, port }: UserCredentials, defaultPort: number | undefined): { readonly scheme: string; readonly hosts: string } {
  const known = port ?? defaultPort;
  if (host.includes(":")) return { scheme: "mongodb", hosts: host };
  if (known === undefined) return { scheme: "mongodb+srv", hosts: host };
  return { scheme: "mongodb", hosts: host.split(",").map((one) => `${one}:${known}`).join(",") };
}

/** Adds what the URI does not say itself. */
function withOptions(uri: string, options: URLSearchParams): string {
  const [address = uri, query = ""] = uri.split("?");
  const own = new URLSearchParams(query);
  for (const [name, value] of options) if (!own.has(name)) own.set(name, value);
  const path = address.replace(/^mongodb(\+srv)?:\/\//, "").includes("/") ? "" : "/";
  return `${address}${path}?${own.toString()}`;
}

function redactionOfUri(uri: string, credentials: Credentials): Redact {
  if ("password" in credentials) return redactionOf([uri, credentials.password]);
  const encoded = /^mongodb(?:\+srv)?:\/\/[^/?]*?:([^/?]*)@/.exec(uri)?.[1] ?? "";
  return redactionOf([uri, credentials.uri, encoded, decodeURIComponent(encoded)]);
}
