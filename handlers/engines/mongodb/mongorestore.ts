import { dirname, join } from "node:path";
import { feedProgram } from "../../programs/feed-program.ts";
import { toolsEnvironment } from "../../programs/program.ts";
import type { Redact } from "../../runtime/redaction.ts";
import { NotDecodable } from "../decode.ts";
import { inspectedArchive } from "./decode.ts";
import { allOf } from "./namespace-pattern.ts";

export interface Restoration {
  /** Folder with mongorestore. */
  readonly tools: string;
  /** Path of the file with the connection; nobody else can read it. */
  readonly config: string;
  readonly redact: Redact;
  /** Names of databases. */
  readonly from: string;
  readonly to: string;
}

/**
 * Reads a stored dump into a database that is empty. mongorestore ends well after documents that it could not insert and
 * after an archive that holds other databases, so what it says at its end is held against what the archive held.
 */
export async function mongorestore({ tools, config, redact, from, to }: Restoration, dump: AsyncIterable<Uint8Array>, signal: AbortSignal): Promise<void> {
  const archive = inspectedArchive(dump, { content: "off", onPrelude: (names) => expectOneDatabase(names, from) });
  const said = await feedProgram({
    file: join(tools, "mongorestore"),
    // Documents may be older than the rules that their collection has now: what the source kept, a copy of it keeps.
    args: [`--config=${config}`, "--archive", "--stopOnError", "--bypassDocumentValidation", `--nsFrom=${allOf(from)}`, `--nsTo=${allOf(to)}`],
    env: { ...toolsEnvironment(tools), HOME: dirname(config) },
    redact,
  }, archive.body, signal);
  expectAll(said, Object.values(archive.contents().counts).reduce((sum, count) => sum + count, 0));
}

function expectOneDatabase(names: readonly string[], database: string): void {
  const strangers = names.filter((name) => !name.startsWith(`${database}.`));
  if (strangers.length === 0) return;
  throw new NotDecodable(`Expected an archive of the database ${database} alone, it holds ${strangers[0]}${strangers.length > 1 ? ` and ${strangers.length - 1} more` : ""}. `
    + "A dump of a whole replica set goes into an empty one, with `mongorestore --oplogReplay`.");
}

function expectAll(said: string, documents: number): void {
  const totals = /(\d+) document\(s\) restored successfully\. (\d+) document\(s\) failed to restore/g;
  const last = [...said.matchAll(totals)].at(-1);
  const [restored, failed] = [Number(last?.[1]), Number(last?.[2])];
  if (restored === documents && failed === 0) return;
  const came = last === undefined ? "it does not say how many it did" : `it restored ${restored}, and ${failed} failed`;
  throw new Error(`Expected mongorestore to restore the ${documents} documents of the archive, ${came}. Its last lines: ${said.split("\n").slice(-5).join("\n")}`);
}
