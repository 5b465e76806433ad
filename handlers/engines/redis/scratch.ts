import { NotATarget, type Purpose, type RestoreSource } from "../restore.ts";
import { dns, signsOfOneServer } from "../same-server.ts";
import type { RedisClient } from "./connection.ts";
import { factsOf, type RedisFacts } from "./server-facts.ts";

/** The one key that a scratch server may hold, and has to: it says that all of the server may be thrown away. */
export const SCRATCH_KEY = "upkeep:scratch";

/** The first Redis that has functions, which belong to no database. */
const FIRST_WITH_FUNCTIONS = 7;

/** Throws with every reason why this server must not be restored into. Writes nothing. */
export async function proveTarget(client: RedisClient, purpose: Purpose, source: RestoreSource): Promise<RedisFacts> {
  const facts = await factsOf(client);
  const reasons = [
    ...await sourceReasons(facts, purpose, source),
    ...relationReasons(facts, purpose),
    ...purpose === "scratch" ? await scratchReasons(client, facts) : emptyReasons(facts.keys),
    ...await functionReasons(client, facts),
  ];
  if (reasons.length === 0) return facts;
  throw new NotATarget(`Expected ${purpose === "scratch" ? "a scratch Redis, started empty for this and nothing else" : "a new, empty Redis beside the one that was backed up"}, `
    + `got ${client.address}: ${reasons.join("; ")}. Nothing was written to it.`);
}

async function sourceReasons({ identity, relatives }: RedisFacts, purpose: Purpose, { server }: RestoreSource): Promise<readonly string[]> {
  if (server === undefined) return purpose === "scratch" ? ["the backup does not say which server it is of, so nobody can tell whether this is another one"] : [];
  const reasons = [
    ...(identity.address === server.address ? ["it has the address of the server that was backed up"] : []),
    ...(server.id !== undefined && identity.id === server.id ? ["it is the server that was backed up, by another address"] : []),
    ...(relatives.includes(server.address) ? ["it replicates with the server that was backed up"] : []),
  ];
  if (reasons.length > 0) return reasons;
  // A Redis that was restarted calls itself something else, and may be empty: where it is reached says that it is the same.
  return (await signsOfOneServer(identity, server, dns)).map((sign) => `it is where the server was that was backed up: ${sign}`);
}

function relationReasons({ isReplica, isCluster, relatives }: RedisFacts, purpose: Purpose): readonly string[] {
  return [
    ...(isReplica ? ["it is a replica, so it holds what its master holds"] : []),
    ...(!isReplica && purpose === "scratch" && relatives.length > 0 ? [`it has replicas (${relatives.join(", ")}), so somebody relies on it`] : []),
    ...(isCluster ? ["it is a node of a cluster, which takes a part of the keys only"] : []),
  ];
}

async function scratchReasons(client: RedisClient, { keys }: RedisFacts): Promise<readonly string[]> {
  const marked = await client.ask(["EXISTS", SCRATCH_KEY]) === "1";
  const { db0 = 0, ...others } = keys;
  return [
    ...(marked ? [] : [`it is not marked as scratch. Mark an empty server with \`SET ${SCRATCH_KEY} yes\`, only if it may be thrown away`]),
    ...emptyReasons({ ...others, ...(db0 > (marked ? 1 : 0) ? { db0 } : {}) }),
  ];
}

function emptyReasons(keys: Readonly<Record<string, number>>): readonly string[] {
  const held = Object.entries(keys).map(([name, count]) => `${name}: ${count}`);
  return held.length === 0 ? [] : [`it holds keys (${held.join(", ")})`];
}

async function functionReasons(client: RedisClient, { version }: RedisFacts): Promise<readonly string[]> {
  if (Number(version.split(".")[0]) < FIRST_WITH_FUNCTIONS) return [];
  return await client.ask(["FUNCTION", "LIST"]) === "" ? [] : ["it holds functions"];
}
