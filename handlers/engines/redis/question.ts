import type { RedisClient } from "./connection.ts";

/** Words as a shell parts them, so that a key may hold blanks. */
const WORDS = /"((?:[^"\\]|\\.)*)"|'([^']*)'|(\S+)/g;

/** Asks with one command, such as `GET greeting` or `DBSIZE`. Only what the server itself calls a reading command is sent. */
export async function askToRead(client: RedisClient, question: string): Promise<string> {
  const words = [...question.matchAll(WORDS)].map(([, double, single, plain]) => double?.replaceAll(/\\(.)/g, "$1") ?? single ?? plain ?? "");
  const [name] = words;
  if (name === undefined) throw new Error('Expected a command of Redis, got nothing. Write one that reads, such as "DBSIZE".');
  const flags = (await client.ask(["COMMAND", "INFO", name])).split("\n");
  if (!flags.includes("readonly")) throw new Error(`Expected a command that only reads, ${name} is none or may write. Write one such as "DBSIZE" or "GET greeting".`);
  return client.ask(words);
}
