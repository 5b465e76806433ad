import { readObjectCommand, shellWord } from "../dump.ts";
import { AS_ANYONE, FIRST_WITH_TRANSACTION_TIMEOUT } from "./read-into.ts";

export interface RestoredByHand {
  readonly database: string;
  /** Major versions of pg_dump and of the server: the DBA has programs as new and a server as old. */
  readonly toolMajor: number;
  readonly serverMajor: number;
}

/** The settings stand before this line of a script, and the rows after it. */
const HEAD_LINES = 30;

/**
 * One line that reads a dump into a new database beside the old one; overwriting is never suggested. A server that does
 * not know pg_restore's newest setting gets its script without it, and the whole pipe fails when one part of it does:
 * psql alone would take a script that broke off for a whole one.
 */
export function restoreCommandOf(address: string, { database, toolMajor, serverMajor }: RestoredByHand): string {
  const into = shellWord(`${database}_restored`);
  const made = `createdb --template=template0 ${into}`;
  const read = readObjectCommand(address);
  const asAnyone = AS_ANYONE.join(" ");
  if (toolMajor < FIRST_WITH_TRANSACTION_TIMEOUT || serverMajor >= FIRST_WITH_TRANSACTION_TIMEOUT) {
    return `${made} && ${read} | pg_restore --exit-on-error ${asAnyone} --dbname=${into}`;
  }
  const script = `pg_restore ${asAnyone} --file=- | sed '1,${HEAD_LINES}{/^SET transaction_timeout = 0;$/d;}'`;
  return `${made} && (set -o pipefail; ${read} | ${script} | psql --quiet --set=ON_ERROR_STOP=1 --dbname=${into})`;
}
