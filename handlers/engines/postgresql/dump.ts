import { join } from "node:path";
import { redactionOf } from "../../runtime/redaction.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { outputOf, type ProgramCall, startProgram } from "../../programs/program.ts";
import type { Dump } from "../dump.ts";
import { readObjectCommand, shellWord } from "../dump.ts";
import { connectionOf, type PostgresqlDatabase } from "./connection.ts";

/** The first pg_dump that compresses with zstd: five times faster than its default, and smaller. */
const FIRST_WITH_ZSTD = 16;

/** pg_dump in its custom format: one consistent snapshot, restored by any pg_restore that is not older. */
export async function openPostgresqlDump(source: PostgresqlDatabase, signal: AbortSignal): Promise<Dump> {
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
        restoreCommand: (uri) => `createdb ${restored(source.database)} && ${readObjectCommand(uri)} | pg_restore --exit-on-error --no-owner --dbname=${restored(source.database)}`,
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
