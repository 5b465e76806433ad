import { randomUUID } from "node:crypto";
import { join } from "node:path";
import type { Redact } from "../../runtime/redaction.ts";
import { type ListeningProgram, type ProgramCall, startListening } from "../../programs/program.ts";
import { LIVE_CONNECTION } from "./connection.ts";
import { withoutRows } from "./redaction.ts";

/** One connection to a server, by psql: what is asked is asked in turn, in one transaction if it was begun. */
export interface Session {
  /** The rows of a query whose only column is JSON. Fails with psql's words, and every later question with it. */
  readonly rows: <Row>(query: string) => Promise<readonly Row[]>;
  /** The lines that statements give, as they come. Read them to their end before anything else is asked. */
  readonly lines: (statements: string) => AsyncGenerator<string, void>;
  /** Runs statements that give no rows. */
  readonly run: (statements: string) => Promise<void>;
  /** Ends the connection, and with it a question under way. May be called more than once. */
  readonly close: () => Promise<void>;
}

export interface SessionArgs {
  readonly tools: string;
  readonly env: Readonly<Record<string, string>>;
  readonly redact: Redact;
  readonly signal: AbortSignal;
}

/**
 * What a program writes on its own depends on the server, the database and the role: dates, floats, bytea, the order in
 * which names are looked up. Here it never does, or two measurements of the same rows would differ. Nothing ends this
 * session but us: it waits for a dump that may take hours.
 */
const FIXED_SETTINGS = `
set standard_conforming_strings = on;
set search_path = pg_catalog;
set timezone = 'UTC';
set datestyle = 'ISO, YMD';
set intervalstyle = 'postgres';
set extra_float_digits = 3;
set bytea_output = 'hex';
set xmloption = 'content';
set lc_monetary = 'C';
set lc_numeric = 'C';
set row_security = off;
set quote_all_identifiers = off;
select set_config(name, '0', false) from pg_settings where name in
  ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'idle_session_timeout', 'transaction_timeout');`;

/** psql, which asks nobody for a password, reads no file of the person's, and ends at the first error. */
const PSQL = ["--no-psqlrc", "--quiet", "--no-align", "--tuples-only", "--no-password", "--set=ON_ERROR_STOP=1", `--dbname=${LIVE_CONNECTION}`];

export const psqlCall = ({ tools, env, redact }: Omit<SessionArgs, "signal">, ...args: readonly string[]): ProgramCall => ({
  file: join(tools, "psql"),
  args: [...PSQL, ...args],
  env: { ...env, PGCLIENTENCODING: "UTF8" },
  redact: (text) => withoutRows(redact(text)),
});

/** A session with the fixed settings. What it started is ended when it throws. */
export async function openSession(args: SessionArgs): Promise<Session> {
  const { signal } = args;
  signal.throwIfAborted();
  const program = startListening(psqlCall(args));
  const stopOnAbort = (): void => void program.stop();
  signal.addEventListener("abort", stopOnAbort, { once: true });
  const lines = linesOf(program.output);

  async function* answerTo(statements: string): AsyncGenerator<string, void> {
    signal.throwIfAborted();
    const marker = randomUUID();
    program.input.write(`${statements}\n\\echo ${marker}\n`);
    try {
      for (;;) {
        const { value, done } = await lines.next();
        if (done === true) throw new Error("Expected an answer from psql, it ended before there was one.");
        if (value === marker) return;
        yield value;
      }
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    }
  }
  const ask = async (statements: string): Promise<readonly string[]> => {
    const answer: string[] = [];
    for await (const line of answerTo(statements)) answer.push(line);
    return answer;
  };
  const close = async (): Promise<void> => {
    signal.removeEventListener("abort", stopOnAbort);
    await program.stop();
  };
  try {
    await ask(FIXED_SETTINGS);
  } catch (error) {
    await close();
    throw error;
  }
  return {
    rows: async <Row>(query: string) => (await ask(`${query};`)).map((line) => JSON.parse(line) as Row),
    lines: answerTo,
    run: async (statements) => void await ask(statements),
    close,
  };
}

async function* linesOf(output: ListeningProgram["output"]): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of output) {
    const [first = "", ...others] = decoder.decode(chunk, { stream: true }).split("\n");
    rest += first;
    for (const next of others) {
      yield rest;
      rest = next;
    }
  }
  return undefined;
}
