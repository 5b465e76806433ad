import { scratchHost } from "../../../practice/contract/scratch.ts";
import { makePrivateFolder } from "../../programs/private-folder.ts";
import { expectFresh } from "../fresh.ts";
import { clientOf, type RedisAccess } from "./connection.ts";
import { SCRATCH_KEY } from "./scratch.ts";
import { factsOf } from "./server-facts.ts";

/** Marks the server beside this drill as scratch, and says how to get into it. Refuses one that is not new and empty. */
export async function freshRedis({ port, tools }: { readonly port: number; readonly tools: string }, signal: AbortSignal): Promise<RedisAccess> {
  // A server without users has this one and takes any password for it: it is none.
  const access: RedisAccess = { credentials: { host: scratchHost, port, username: "default", password: "none", tls: false }, defaultPort: port, tools };
  const folder = await makePrivateFolder();
  try {
    const client = await clientOf(access, folder, signal);
    const { keys, upSeconds } = await factsOf(client);
    expectFresh(client.address, { ageSeconds: upSeconds, holds: Object.entries(keys).map(([name, count]) => `keys (${name}: ${count})`) });
    await client.ask(["SET", SCRATCH_KEY, "yes"]);
    return access;
  } finally {
    await folder.remove();
  }
}
