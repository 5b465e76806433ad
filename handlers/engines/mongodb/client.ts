import type { Db, Document, MongoClient } from "mongodb";
import type { Hello } from "./server.ts";

/**
 * The official driver, for what the official programs cannot say: who a server is, what lies in a database, the answer
 * to a question. Loaded when it is asked for: it is heavier than all the rest that a backup loads.
 */
export async function withClient<Result>(uri: string, signal: AbortSignal, use: (client: MongoClient) => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  const { MongoClient } = await import("./driver.ts");
  const client = new MongoClient(uri, { appName: "upkeep", maxPoolSize: 1 });
  const closeOnAbort = (): void => void client.close();
  signal.addEventListener("abort", closeOnAbort, { once: true });
  try {
    return await use(client);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener("abort", closeOnAbort);
    await client.close();
  }
}

/** By the name that every server knows; `hello` is not known to those before 4.4.2. */
export const helloOf = async (client: MongoClient): Promise<Hello> => client.db("admin").command({ isMaster: 1 });

/** What every answer holds beside the answer. */
const FRAME = new Set(["ok", "$clusterTime", "operationTime", "signature"]);

/** Commands that leave everything as it is; of `aggregate` see below. A server has no setting for that. */
const READING = new Set(["count", "find", "aggregate", "distinct", "collStats", "dbStats", "dbHash", "listCollections", "listIndexes", "ping", "hello", "buildInfo"]);

/** A command that only reads, written as JSON, e.g. `{"count":"orders"}`; types that JSON lacks as Extended JSON writes them. */
export async function commandOf(question: string): Promise<Document> {
  const command = await parsed(question);
  const [name = "nothing"] = Object.keys(command);
  // The last stage of a pipeline may write what it found.
  if (READING.has(name) && !/"\$(out|merge)"\s*:/.test(JSON.stringify(command))) return command;
  throw new Error(`Expected a command that only reads, ${name} is none or may write. Write one such as {"count":"orders"}.`);
}

async function parsed(question: string): Promise<Document> {
  const { BSON } = await import("./driver.ts");
  try {
    return BSON.EJSON.parse(question) as Document;
  } catch (error) {
    throw new Error(`Expected a question to MongoDB to be a command in JSON, such as {"count":"orders"}, it is not: ${question}`, { cause: error });
  }
}

/** The answer as JSON. */
export async function answerOf(database: Db, command: Document): Promise<string> {
  const { BSON } = await import("./driver.ts");
  const answer = await database.command(command);
  return BSON.EJSON.stringify(Object.fromEntries(Object.entries(answer).filter(([name]) => !FRAME.has(name))));
}
