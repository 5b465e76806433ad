import { join } from "node:path";
import type { Contents } from "../../../practice/contract/manifest.ts";
import { redactionOf } from "../../runtime/redaction.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { outputOf, type ProgramCall, startProgram } from "../../programs/program.ts";
import type { Content, Dump } from "../dump.ts";
import { addressOf, connectionOf, LIVE_CONNECTION, type PostgresqlDatabase, secretsOf } from "./connection.ts";
import { identityOf } from "./identity.ts";
import { restoreCommandOf } from "./restore-command.ts";
import { openSession } from "./session.ts";
import { holdSnapshot } from "./snapshot.ts";
import { majorOf, versionOf } from "./version.ts";

/** The first pg_dump that compresses with zstd: five times faster than its default, and smaller. */
const FIRST_WITH_ZSTD = 16;

/**
 * Who wants a table for himself alone once we have ours waits for us, pg_dump waits for him, and we for pg_dump: nobody
 * in the database sees that circle. With our locks held there is nothing else to wait for; the rest is what it takes
 * pg_dump to list and lock so many tables, below 1 ms each.
 */
const lockWait = (tables: number): string => `--lock-wait-timeout=${5_000 + 10 * tables}`;

/**
 * pg_dump in its custom format: one consistent snapshot, restored by any pg_restore that is not older. A second
 * connection holds that snapshot and, beside pg_dump, counts and hashes the rows in it: what a restore is held against.
 * The dump is whole when both have ended well; when one fails, so does the other.
 */
export async function openPostgresqlDump(source: PostgresqlDatabase, content: Content, signal: AbortSignal): Promise<Dump> {
  const folder = await makePrivateFolder();
  const started = [folder.remove];
  const close = async (): Promise<void> => {
    for (const end of started) await end();
  };
  try {
    const env = await connectionOf(source, folder);
    const redact = redactionOf(secretsOf(source.credentials));
    const call = (...args: readonly string[]): ProgramCall => ({ file: join(source.tools, "pg_dump"), args, env, redact });
    const tool = (await outputOf(call("--version"), signal)).trim();

    const session = await openSession({ tools: source.tools, env, redact, signal });
    started.unshift(session.close);
    const serverVersion = await versionOf(session);
    expectNotOlder(tool, serverVersion);
    const server = await identityOf(session, addressOf(env));
    const { id, lockedTables, measure } = await holdSnapshot(session, content, majorOf(serverVersion));

    const compression = majorOf(tool) >= FIRST_WITH_ZSTD ? "zstd:1" : "1";
    const program = startProgram(call(
      "--format=custom", `--compress=${compression}`, `--snapshot=${id}`, ...(lockedTables > 0 ? [lockWait(lockedTables)] : []), "--no-password", `--dbname=${LIVE_CONNECTION}`,
    ));
    started.unshift(program.stop);

    let failure: { readonly error: unknown } | undefined;
    const measuring = measure();
    measuring.catch((error: unknown) => {
      failure = { error };
      void program.stop();
    });
    let dumpBytes = 0;
    let contents: Partial<Contents> = {};
    async function* body(): AsyncGenerator<Uint8Array> {
      try {
        for await (const chunk of program.output) {
          dumpBytes += chunk.length;
          yield chunk;
        }
      } catch (error) {
        throw explained(failure === undefined ? error : failure.error);
      }
      contents = await measuring;
    }
    return {
      extension: "dump",
      body: body(),
      describe: () => ({
        tool,
        serverVersion,
        server,
        ...contents,
        consistency: "One moment for the whole database: a snapshot that was taken before the first row was read.",
        dumpBytes,
        restoreCommand: (address) => restoreCommandOf(address, { database: source.database, toolMajor: majorOf(tool), serverMajor: majorOf(serverVersion) }),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function explained(error: unknown): unknown {
  if (!(error instanceof Error && /due to (lock|statement) timeout[^]*LOCK TABLE/.test(error.message))) return error;
  return new Error(`Expected every table to be free to read, somebody asked for one for himself alone (ALTER TABLE, TRUNCATE, VACUUM FULL) just as the backup began. Run it again when he is done. ${error.message}`, { cause: error });
}

/** An older pg_dump refuses by itself, in words that do not say what to do; and a newer one restores everywhere. */
function expectNotOlder(tool: string, serverVersion: string): void {
  if (majorOf(tool) >= majorOf(serverVersion)) return;
  throw new Error(
    `Expected a pg_dump of PostgreSQL ${majorOf(serverVersion)} or newer for a server of version ${serverVersion}, this is ${tool}: `
    + "an older one does not know what the server holds. By hand, put a newer one first in PATH, or name its folder in UPKEEP_TOOLS; in the cloud, publish a layer that has it and name that in upkeep:system.toolsLayer.",
  );
}
