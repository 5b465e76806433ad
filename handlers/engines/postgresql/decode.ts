import { join } from "node:path";
import { feedProgram } from "../../programs/feed-program.ts";
import { outputOf, type ProgramCall, toolsEnvironment } from "../../programs/program.ts";
import { type Decode, NotDecodable } from "../decode.ts";
import { withoutRows } from "./redaction.ts";

/**
 * Reads a dump whole, as a restore would, and writes the SQL to nowhere. The format tells nothing of its rows, and has no
 * checksum: a byte that was flipped inside compressed rows passes here and is found by their hashes alone.
 */
export const decodePostgresql = (tools: string): Decode => async (dump, signal) => {
  const call = (...args: readonly string[]): ProgramCall =>
    ({ file: join(tools, "pg_restore"), args, env: toolsEnvironment(tools), redact: withoutRows });
  // What fails here is the program, what fails afterwards is the dump.
  await outputOf(call("--version"), signal);
  let broken: { readonly error: unknown } | undefined;
  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      yield* dump;
    } catch (error) {
      broken = { error };
      throw error;
    }
  }
  try {
    await feedProgram(call("--file=/dev/null"), watched(), signal);
  } catch (error) {
    if (signal.aborted || broken?.error === error) throw error;
    throw new NotDecodable(`Expected a whole dump of PostgreSQL, pg_restore cannot read it: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  return {};
};
