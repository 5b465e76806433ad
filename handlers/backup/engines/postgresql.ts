import { join } from "node:path";
import { redactionOf } from "../../runtime/redaction.ts";
import type { Dump } from "../dump.ts";
import { shellWord } from "../dump.ts";
import { makePrivateFolder, type PrivateFolder } from "../private-folder.ts";
import { outputOf, type ProgramCall, startProgram, toolsEnvironment } from "../program.ts";
import type { UserCredentials } from "../secret.ts";

export interface PostgresqlSource {
  readonly credentials: UserCredentials;
  readonly database: string;
  /** Used where the secret names none. */
  readonly defaultPort: number;
  /** Folder with pg_dump and psql. */
  readonly tools: string;
}

/** The first pg_dump that compresses with zstd: five times faster than its default, and smaller. */
const FIRST_WITH_ZSTD = 16;

/** Seconds until a server that does not answer is given up. */
const CONNECT_SECONDS = 20;

/** pg_dump in its custom format: one consistent snapshot, restored by any pg_restore that is not older. */
export async function openPostgresqlDump(source: PostgresqlSource, signal: AbortSignal): Promise<Dump> {
  const folder = await makePrivateFolder();
  try {
    const env = await connectionOf(source, folder);
    const call = (program: string, args: readonly string[]): ProgramCall =>
      ({ file: join(source.tools, program), args, env, redact: redactionOf([source.credentials.password]) });

    const tool = (await outputOf(call("pg_dump", ["--version"]), signal)).trim();
    const serverVersion = (await outputOf(call("psql", ["-XAtw", "-c", "show server_version"]), signal)).trim();
    expectNotOlder(tool, serverVersion);

    const compression = majorOf(tool) >= FIRST_WITH_ZSTD ? "zstd:1" : "1";
    const program = startProgram(call("pg_dump", ["--format=custom", `--compress=${compression}`, "--no-password"]));
    let dumpBytes = 0;
    async function* body(): AsyncGenerator<Uint8Array> {
      for await (const chunk of program.output) {
        dumpBytes += chunk.length;
        yield chunk;
      }
    }
    return {
      extension: "dump",
      body: body(),
      describe: () => ({
        tool,
        serverVersion,
        consistency: "One moment for the whole database: the snapshot that pg_dump took when it began.",
        dumpBytes,
        restoreCommand: (uri) => `createdb ${restored(source.database)} && aws s3 cp ${shellWord(uri)} - | pg_restore --exit-on-error --no-owner --dbname=${restored(source.database)}`,
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

/** A person's recovery goes into a new database beside the old one; overwriting is never suggested. */
const restored = (database: string): string => shellWord(`${database}_restored`);

/**
 * All of the connection as libpq's environment, the password as a file of its own. Encrypted by default, but the
 * server proves itself only where the secret brings the certificate to verify it with: RDS signs with authorities that
 * no system knows, and a default that demands them would fail on every database whose secret RDS wrote.
 */
async function connectionOf({ credentials, database, defaultPort, tools }: PostgresqlSource, folder: PrivateFolder): Promise<Readonly<Record<string, string>>> {
  const { host, port, username, password, sslmode, caCertificate } = credentials;
  const certificate = caCertificate === undefined ? {} : { PGSSLROOTCERT: await folder.write("authorities.pem", caCertificate) };
  return {
    ...toolsEnvironment(tools),
    PGHOST: host,
    PGPORT: String(port ?? defaultPort),
    PGUSER: username,
    PGDATABASE: database,
    PGPASSFILE: await folder.write("password", `*:*:*:*:${password.replaceAll(/[\\:]/g, String.raw`\$&`)}\n`),
    PGSSLMODE: sslmode ?? (caCertificate === undefined ? "require" : "verify-full"),
    ...certificate,
    PGCONNECT_TIMEOUT: String(CONNECT_SECONDS),
    PGAPPNAME: "upkeep",
    // libpq looks for more settings there; this is a folder in which there are none.
    HOME: folder.path,
  };
}

/** An older pg_dump refuses by itself, in words that do not say what to do; and a newer one restores everywhere. */
function expectNotOlder(tool: string, serverVersion: string): void {
  if (majorOf(tool) >= majorOf(serverVersion)) return;
  throw new Error(
    `Expected a pg_dump of PostgreSQL ${majorOf(serverVersion)} or newer for a server of version ${serverVersion}, the tools layer has ${tool}: `
    + "an older one does not know what the server holds. Publish a layer with a newer pg_dump and name it in upkeep:system.toolsLayer.",
  );
}

/** Of `pg_dump (PostgreSQL) 18.6` and of `15.18 (Debian 15.18-0+deb12u1)`. */
function majorOf(version: string): number {
  const major = /(?:^|\) )(\d+)/.exec(version)?.[1];
  if (major === undefined) throw new Error(`Expected a version such as 18.6, got ${JSON.stringify(version)}.`);
  return Number(major);
}
