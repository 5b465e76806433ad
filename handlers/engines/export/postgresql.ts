import { join } from "node:path";
import type { ExportedTable } from "../../../practice/contract/exported.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { outputOf } from "../../programs/program.ts";
import { redactionOf } from "../../runtime/redaction.ts";
import type { Dump } from "../dump.ts";
import { gzip } from "../gzip.ts";
import { addressOf, connectionOf, type PostgresqlDatabase, secretsOf } from "../postgresql/connection.ts";
import { identityOf } from "../postgresql/identity.ts";
import { openSession, type Session } from "../postgresql/session.ts";
import { versionOf } from "../postgresql/version.ts";
import { startOf } from "./line.ts";
import { readCommand, writtenLines } from "./written.ts";

/** Tables as JSON lines, in one snapshot. Whether each can be read is asked before the first byte is written. */
export async function openPostgresqlExport(source: PostgresqlDatabase, tables: readonly ExportedTable[], signal: AbortSignal): Promise<Dump> {
  const folder = await makePrivateFolder();
  const started = [folder.remove];
  const close = async (): Promise<void> => {
    for (const end of started) await end();
  };
  try {
    const env = await connectionOf(source, folder);
    const redact = redactionOf(secretsOf(source.credentials));
    const tool = (await outputOf({ file: join(source.tools, "psql"), args: ["--version"], env, redact }, signal)).trim();
    const session = await openSession({ tools: source.tools, env, redact, signal });
    started.unshift(session.close);
    const serverVersion = await versionOf(session);
    const server = await identityOf(session, addressOf(env));
    await session.run("begin isolation level repeatable read read only;");
    for (const table of tables) await expectReadable(session, table);

    const names = tables.map(({ name }) => name);
    const written = writtenLines(names, (index) => session.lines(copyOf(tables[index])));
    return {
      extension: "jsonl.gz",
      body: gzip(written.body),
      describe: () => ({
        tool, serverVersion, server,
        consistency: "One moment for all tables in it: a snapshot that was taken before the first row was read.",
        ...written.contents(),
        dumpBytes: written.bytes(),
        restoreCommand: (address) => readCommand(address, names),
      }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The server looks up the names and judges the rights of a query that it only explains, and keeps the tables from being altered until the end. */
async function expectReadable(session: Session, table: ExportedTable): Promise<void> {
  try {
    await session.run(`explain ${selectOf(table)};`);
  } catch (error) {
    throw new Error(`Expected to read ${table.name}${table.columns === undefined ? "" : ` (${table.columns.join(", ")})`} for the export, the server refuses: `
      + `${error instanceof Error ? error.message : String(error)} Mend the export's \`of\`, or grant SELECT to its user.`, { cause: error });
  }
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;
const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A column of type json keeps the line ends that somebody wrote between its tokens: blanks mean the same there. */
const selectOf = ({ name, columns }: ExportedTable): string =>
  `select ${literal(startOf(name))} || translate(row_to_json(t)::text, E'\\n\\r', '  ') || '}' `
  + `from (select ${columns === undefined ? "*" : columns.map(quoted).join(", ")} from ${name.split(".").map(quoted).join(".")}) t`;

/** As CSV with a quote and a delimiter that JSON never holds: no character of a line is written in another way. */
function copyOf(table: ExportedTable | undefined): string {
  if (table === undefined) throw new Error("Expected a table to export, got none. This is a fault of the export.");
  return String.raw`copy (${selectOf(table)}) to stdout with (format csv, quote E'\x01', delimiter E'\x02');`;
}
