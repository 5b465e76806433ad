import { describe, expect, it } from "vitest";
import { catalog, type CatalogId, type CatalogItem } from "../../../practice/catalog/index.ts";
import type { Settings } from "../../../practice/config/settings.ts";
import { atlasDatabase, endpointAt, filesSource, networkDatabase, settingsWith, systemWith } from "../../support/settings.ts";

const backup = { schedule: { words: "daily at 02:00", expression: "cron(0 2 * * ? *)", timeZone: "Europe/Berlin" }, keepDays: 30 };
const network = { kind: "ids", vpcId: "vpc-0a1", privateSubnetIds: ["subnet-1"], routeTableIds: [], egress: "nat", existing: [] } as const;

/** Systems that have one thing each. */
const systems = {
  nothing: settingsWith(),
  network: settingsWith({ system: systemWith({ network }) }),
  atlas: settingsWith({ databases: { main: atlasDatabase() } }),
  mongodb: settingsWith({ databases: { main: networkDatabase("mongodb") } }),
  postgresql: settingsWith({ databases: { main: networkDatabase("postgresql") } }),
  redis: settingsWith({ databases: { main: networkDatabase("redis") } }),
  redisWithBackup: settingsWith({ databases: { main: networkDatabase("redis", { backup }) } }),
  files: settingsWith({ files: { uploads: filesSource() } }),
  endpoint: settingsWith({ endpoints: { site: endpointAt("https://campus.example/health") } }),
  plainEndpoint: settingsWith({ endpoints: { site: endpointAt("http://campus.example/health") } }),
} satisfies Record<string, Settings>;
type System = keyof typeof systems;

const mongo: readonly System[] = ["atlas", "mongodb"];
const records: readonly System[] = [...mongo, "postgresql"];
const data: readonly System[] = [...records, "redisWithBackup", "files"];
const servers: readonly System[] = [...records, "redis", "redisWithBackup"];
const endpoints: readonly System[] = ["endpoint", "plainEndpoint"];

/** Which of the systems each item applies to. An item that is not here applies to all of them. */
const appliesTo: Readonly<Partial<Record<CatalogId, readonly System[]>>> = {
  "backup.mongodb.daily": mongo,
  "backup.postgresql.daily": ["postgresql"],
  "backup.full.weekly": data,
  "backup.files.daily": ["files"],
  "backup.userdata.export": records,
  "backup.managed": ["atlas", "postgresql"],
  "backup.before-deploy": data,
  "retention.backups": data,
  "retention.secure-storage": data,
  "verify.completion": data,
  "verify.integrity": data,
  "verify.restore": records,
  "verify.dr-drill": data,
  "upkeep.postgresql.vacuum": ["postgresql"],
  "upkeep.reindex": records,
  "upkeep.indexes.declared": records,
  "upkeep.indexes.review": records,
  "upkeep.sessions.cleanup": records,
  "upkeep.tokens.cleanup": records,
  "upkeep.archive": records,
  "upkeep.purge": records,
  "upkeep.cache.cleanup": ["redis", "redisWithBackup"],
  "upkeep.size.report": records,
  "upkeep.slow-queries": records,
  "upkeep.query-logging": records,
  "rotate.database-passwords": servers,
  "uptime.health": endpoints,
  "uptime.dependencies": servers,
  "uptime.tls": ["endpoint"],
  "uptime.report": endpoints,
  "monitor.response-time": endpoints,
  "monitor.error-rate": endpoints,
  "monitor.db-connections": servers,
  "monitor.db-connection-failures": servers,
  "monitor.replication-lag": records,
  "monitor.attacks": ["files", ...endpoints],
  "monitor.traffic": endpoints,
  "protect.rate-limit": endpoints,
  "protect.firewall": ["network", ...servers],
  "protect.headers": endpoints,
  "recover.restore.mongodb": mongo,
  "recover.restore.postgresql": ["postgresql"],
  "recover.maintenance-mode": endpoints,
  "recover.scale-out": endpoints,
};

const everySystem = Object.keys(systems) as System[];
const thatHold = (item: CatalogItem): readonly System[] => everySystem.filter((system) => item.applies.holds(systems[system]));

describe.each(catalog.map((item) => [item.id, item] as const))("%s", (id, item) => {
  const due = appliesTo[id];

  it(`applies to ${due === undefined ? "every system" : due.join(", ")} and to no other`, () => {
    expect(thatHold(item).toSorted()).toEqual((due ?? everySystem).toSorted());
  });

  it("says that it always applies exactly where it does", () => {
    expect(item.applies.when.startsWith("always")).toBe(due === undefined);
  });

  it("reads neither the name of the system nor that of the stack", () => {
    for (const system of everySystem) {
      expect(item.applies.holds(nameless(systems[system]))).toBe(item.applies.holds(systems[system]));
    }
  });
});

describe("the settings without a name", () => {
  it("refuse a rule that asks for one", () => {
    expect(() => nameless(settingsWith()).stack).toThrow("A rule read stack");
    expect(() => nameless(settingsWith()).system.name).toThrow("A rule read name");
    expect(() => nameless(systems.atlas).databases["main"]?.database).toThrow("A rule read database");
  });
});

/** The settings, in which asking what the system, its stack or its databases are called is an error. */
function nameless(settings: Settings): Settings {
  const databases = Object.fromEntries(
    Object.entries(settings.databases).map(([key, database]) => [key, without(database, "database")]),
  );
  return without({ ...settings, system: without(settings.system, "name"), databases }, "stack");
}

function without<Thing extends object>(thing: Thing, secret: keyof Thing): Thing {
  return new Proxy(thing, {
    get(target, key) {
      if (key === secret) throw new Error(`A rule read ${String(key)}: it must look at what a system has.`);
      return Reflect.get(target, key) as unknown;
    },
  });
}
