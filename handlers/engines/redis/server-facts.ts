import type { ServerIdentity } from "../../../practice/contract/manifest.ts";
import type { RedisClient } from "./connection.ts";

/** What a server says of itself. */
export interface RedisFacts {
  readonly version: string;
  readonly identity: ServerIdentity;
  /** Seconds that it has run. */
  readonly upSeconds: number;
  readonly isReplica: boolean;
  /** A replica is in step once it has all of its master's data and hears of every change. */
  readonly inStep: boolean;
  /** Whether it holds a part of the keys only. */
  readonly isCluster: boolean;
  /** `host:port` of its master and its replicas, as it knows them. */
  readonly relatives: readonly string[];
  /** Keys of each logical database that has any: `db0`. */
  readonly keys: Readonly<Record<string, number>>;
}

export async function factsOf(client: RedisClient): Promise<RedisFacts> {
  const info = parseInfo(await client.ask(["INFO"]));
  const field = (name: string): string => {
    const value = info.get(name);
    if (value === undefined) throw new Error(`Expected INFO of the Redis at ${client.address} to say ${name}, it does not: the user needs the right to INFO (ACL SETUSER <user> +info).`);
    return value;
  };
  const isReplica = field("role") !== "master";
  return {
    version: field("redis_version"),
    identity: { address: client.address, id: field("run_id") },
    upSeconds: Number(field("uptime_in_seconds")),
    isReplica,
    inStep: !isReplica || info.get("master_link_status") === "up",
    isCluster: info.get("cluster_enabled") === "1",
    relatives: [
      ...(isReplica ? [`${info.get("master_host") ?? ""}:${info.get("master_port") ?? ""}`] : []),
      ...[...info].filter(([name]) => /^slave\d+$/.test(name)).map(([, value]) => `${part(value, "ip")}:${part(value, "port")}`),
    ],
    keys: Object.fromEntries([...info].filter(([name]) => /^db\d+$/.test(name)).map(([name, value]) => [name, Number(part(value, "keys"))])),
  };
}

/** Lines `name:value`; headings and blank lines are no facts. */
const parseInfo = (text: string): ReadonlyMap<string, string> =>
  new Map(text.split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^([^#:]+):(.*)$/.exec(line) ?? [];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
  }));

/** Of `keys=3,expires=1`. */
const part = (value: string, name: string): string =>
  value.split(",").find((one) => one.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";
