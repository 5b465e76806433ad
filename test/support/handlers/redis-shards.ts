import { gunzipSync } from "node:zlib";
import { type RedisServer, startRedis } from "../servers/redis.ts";
import { fillRedis } from "./redis-data.ts";
import { accessTo, takeDump } from "./redis-dumps.ts";

/** Several Redis, each with keys of its own and the same functions, as the shards of a cluster have them. */
export interface Shards {
  readonly servers: readonly RedisServer[];
  /** Of all together. */
  readonly keys: number;
  /** Of each as it is now, as a provider exports it. */
  readonly snapshots: () => Promise<readonly Buffer[]>;
  readonly stop: () => Promise<void>;
}

const KEYS = 50;

/** The first has a value of every kind. */
export async function startShards(count: number): Promise<Shards> {
  const servers = await Promise.all(Array.from({ length: count }, () => startRedis()));
  for (const [index, server] of servers.entries()) {
    await fillRedis(server);
    // A cluster has one database; of the values of every kind one shard is enough.
    await server.command("EVAL", `redis.call('SELECT', 3) redis.call('FLUSHDB')`, "0");
    if (index > 0) await server.command("FLUSHDB");
    await server.command("EVAL", `for i = 1, ${KEYS} do redis.call('SET', 'shard:${index}:' .. i, i) end`, "0");
  }
  const sizes = await Promise.all(servers.map((server) => server.command("DBSIZE")));
  return {
    servers,
    keys: sizes.reduce((sum, size) => sum + Number(size), 0),
    snapshots: () => Promise.all(servers.map(snapshotOf)),
    stop: async () => void await Promise.all(servers.map((server) => server.stop())),
  };
}

/** As a replica gets it, which is what its provider would export. */
export const snapshotOf = async (server: RedisServer): Promise<Buffer> => gunzipSync((await takeDump(accessTo(server))).stored);
