import { startProgram } from "../../programs/program.ts";
import { psqlCall, type SessionArgs } from "./session.ts";

/** Long for a question to which a person knows the answer, short for a table that nobody meant to read whole. */
const ANSWER_SECONDS = 60;

/** It is written into the evidence. */
const ANSWER_BYTES = 4 * 1024;

/** One question in SQL: rows as lines, columns parted by `|`. It cannot write, and has a minute. */
export async function ask(connection: SessionArgs, question: string): Promise<string> {
  const { signal } = connection;
  if (/^\s*\\/.test(question)) throw new Error(`Expected a question in SQL, got a command of psql: ${question}. Write a SELECT.`);
  signal.throwIfAborted();
  const program = startProgram(psqlCall(
    connection,
    "--command=set session characteristics as transaction read only",
    `--command=set statement_timeout = '${ANSWER_SECONDS}s'`,
    `--command=${question}`,
  ));
  const stopOnAbort = (): void => void program.stop();
  signal.addEventListener("abort", stopOnAbort, { once: true });
  try {
    let answer = Buffer.alloc(0);
    for await (const chunk of program.output) {
      answer = Buffer.concat([answer, chunk]);
      if (answer.length > ANSWER_BYTES) throw new Error(`Expected an answer of at most ${ANSWER_BYTES / 1024} KiB to ${question}, it is longer. Ask for a number or a few rows.`);
    }
    return answer.toString("utf8").trimEnd();
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", stopOnAbort);
    await program.stop();
  }
}
