import { join } from "node:path";
import { feedProgram } from "../../programs/feed-program.ts";
import type { Redact } from "../../runtime/redaction.ts";
import { LIVE_CONNECTION } from "./connection.ts";

export interface Reader {
  readonly tools: string;
  /** The connection, as libpq's environment. */
  readonly env: Readonly<Record<string, string>>;
  readonly redact: Redact;
  /** Major version of the server that is written. */
  readonly major: number;
}

/** What is of production's server alone (owners, grants, tablespaces) stays in the dump: another server has no such roles, and the load would end there. */
export const AS_ANYONE = ["--no-owner", "--no-privileges", "--no-tablespaces"];

/**
 * Not in a single transaction: a lock for each of some thousand tables is more than a server has room for by default. A
 * load that breaks off leaves a part behind, and a target that is not empty is refused the next time.
 */
const PG_RESTORE = ["--exit-on-error", ...AS_ANYONE, "--no-password", `--dbname=${LIVE_CONNECTION}`];
const AS_SCRIPT = [...AS_ANYONE, "--file=-"];
const PSQL = ["--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1", `--dbname=${LIVE_CONNECTION}`];

/** Since this version servers know the setting that every pg_restore as new makes, whatever server it talks to. */
export const FIRST_WITH_TRANSACTION_TIMEOUT = 17;

/** Reads a dump into a server that may be older than the programs: those dump every server, so they restore into every one too. */
export async function readInto({ tools, env, redact, major }: Reader, dump: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const file = join(tools, "pg_restore");
  const said = major >= FIRST_WITH_TRANSACTION_TIMEOUT
    ? await feedProgram({ file, args: PG_RESTORE, env, redact }, dump, signal)
    : await feedProgram({ file, args: AS_SCRIPT, env, redact }, dump, signal, (script) =>
      feedProgram({ file: join(tools, "psql"), args: PSQL, env, redact }, withoutNewSettings(script), signal));
  if (said.includes("errors ignored on restore")) throw new Error(`Expected pg_restore to restore everything, it passed over errors: ${said}`);
}

const UNKNOWN_SETTING = "SET transaction_timeout = 0;\n";

/** The settings stand at the head of the script, long before any row; this much of it is looked at. */
const HEAD_BYTES = 16 * 1024;

/** Takes out of a script what the older server would stop at: a limit of time that is off there anyway. */
async function* withoutNewSettings(script: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let head: Buffer | undefined = Buffer.alloc(0);
  for await (const chunk of script) {
    if (head === undefined) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    if (head.length < HEAD_BYTES) continue;
    yield cleaned(head);
    head = undefined;
  }
  if (head !== undefined) yield cleaned(head);
}

/** Latin 1 leaves every byte as it is. */
const cleaned = (head: Buffer): Buffer => Buffer.from(head.toString("latin1").replace(UNKNOWN_SETTING, ""), "latin1");
