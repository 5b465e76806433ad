import { join } from "node:path";
import { feedProgram } from "../../programs/feed-program.ts";
import { outputOf, type ProgramCall, toolsEnvironment } from "../../programs/program.ts";
import { type Decode, decoding } from "../decode.ts";
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
  await decoding(dump, signal, (bytes) => feedProgram(call("--file=/dev/null"), bytes, signal), (reason) => `Expected a whole dump of PostgreSQL, pg_restore cannot read it: ${reason}`);
  return {};
};
