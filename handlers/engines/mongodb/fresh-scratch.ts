import { scratchDatabase, scratchHost } from "../../../practice/contract/scratch.ts";
import { expectFresh } from "../fresh.ts";
import { withClient } from "./client.ts";
import type { MongodbDatabase } from "./connection.ts";
import { mark } from "./scratch-mark.ts";

/** Databases that a new server has for itself. */
const OWN = new Set(["admin", "config", "local"]);

/** Marks a scratch database on the server beside this drill, and says how to get into it. Refuses a server that is not new and empty. */
export async function freshMongodb({ port, tools }: { readonly port: number; readonly tools: string }, signal: AbortSignal): Promise<MongodbDatabase> {
  // Without a user: the server asks whoever is in the task for none. TLS has to be asked for in such an address.
  const uri = `mongodb://${scratchHost}:${port}/`;
  await withClient(uri, signal, async (client) => {
    const admin = client.db("admin");
    const { databases } = await admin.command({ listDatabases: 1, nameOnly: true });
    const { uptime } = await admin.command({ serverStatus: 1 });
    const named = (databases as readonly { readonly name: string }[]).map(({ name }) => name).filter((name) => !OWN.has(name));
    expectFresh(`${scratchHost}:${port}`, { ageSeconds: Number(uptime), holds: named.map((name) => `the database ${name}`) });
    await mark(client.db(scratchDatabase), "a restore drill", new Date());
  });
  return { credentials: { uri }, database: scratchDatabase, tools };
}
