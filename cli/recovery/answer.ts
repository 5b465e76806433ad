import { NotATarget } from "../../handlers/engines/restore.ts";
import { exitCodes } from "../../preview/exit-code.ts";
import { paragraph } from "../../preview/render/terminal/lines.ts";
import type { Answer, Surroundings } from "../options.ts";
import { json, lines } from "../text.ts";
import { Misused } from "./misused.ts";

/** What a command found, for both kinds of readers. */
export interface Told {
  readonly document: object;
  readonly page: readonly string[];
  /** Default: true. */
  readonly well?: boolean;
}

/** libpq says that it has no password, and not where it looks for one. */
const withWayOut = (message: string): string => (message.includes("no password supplied")
  ? `${message.replace(/\.?\s*$/, ".")} Put it into ~/.pgpass, or name a file: PGPASSFILE, or --password-file (of the production that a recovery backs up first: --url-password-file).`
  : message);

/** Runs a command about backups; what it fails with is told as what it finds is, in words or in a document. */
export async function answering({ json: wanted }: { readonly json: boolean }, { page, debug, live }: Surroundings, work: () => Promise<Told>): Promise<Answer> {
  try {
    const { document, page: told, well = true } = await work();
    return { stdout: wanted ? json({ ...document, problems: [] }) : lines(told), stderr: "", exitCode: well ? exitCodes.fine : exitCodes.wrong };
  } catch (error) {
    const message = withWayOut(error instanceof Error ? error.message : String(error));
    const trace = debug && error instanceof Error ? [error.stack ?? ""] : [];
    return {
      stdout: wanted ? json({ problems: [{ message }] }) : "",
      // How to mark a database is a command to copy: a line end inside would change it.
      stderr: lines([...(error instanceof NotATarget ? [message] : paragraph(message, page, 0)), ...trace]),
      exitCode: error instanceof Misused ? exitCodes.unusable : exitCodes.wrong,
    };
  } finally {
    live.progress("");
  }
}
