import type { MongoClient } from "mongodb";
import type { Hello } from "./server.ts";

/**
 * The official driver, for what the official programs cannot say: who a server is, what lies in a database, the answer
 * to a question. Loaded when it is asked for: it is heavier than all the rest that a backup loads.
 */
export async function withClient<Result>(uri: string, signal: AbortSignal, use: (client: MongoClient) => Promise<Result>): Promise<Result> {
  signal.throwIfAborted();
  const { MongoClient } = await import("mongodb");
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

export const helloOf = async (client: MongoClient): Promise<Hello> => client.db("admin").command({ hello: 1 });
