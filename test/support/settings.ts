import type {
  AtlasDatabase, BucketFiles, ElastiCacheDatabase, EndpointSettings, NetworkDatabase, Settings, SystemSettings,
} from "../../practice/config/settings.ts";

const PORTS = { mongodb: 27017, postgresql: 5432, redis: 6379 } as const;

/** A system that has nothing: no database, no file, no endpoint, nobody who is told. */
const emptySystem: SystemSettings = {
  account: "123456789012",
  name: "campus",
  owner: "platform@campus.example",
  timeZone: "Europe/Berlin",
  production: false,
  runbooks: "https://runbooks.campus.example",
};

/** Complete settings of an empty system, with the given parts in place of its own. */
export const settingsWith = (parts: Partial<Settings> = {}): Settings => ({
  stack: "test",
  region: "eu-central-1",
  system: emptySystem,
  store: {},
  hosts: {},
  databases: {},
  files: {},
  repositories: {},
  endpoints: {},
  alerts: {},
  channels: {},
  routing: {},
  notApplicable: {},
  ...parts,
});

export const systemWith = (parts: Partial<SystemSettings> = {}): SystemSettings => ({ ...emptySystem, ...parts });

export const atlasDatabase = (parts: Partial<AtlasDatabase> = {}): AtlasDatabase => ({
  engine: "mongodb-atlas",
  database: "campus",
  secret: "campus/test/mongodb",
  sizeGiB: 12,
  verify: {},
  atlas: { projectId: "64f0c0ffee64f0c0ffee64f0", cluster: "campus-test", allowFrom: ["203.0.113.7/32"] },
  ...parts,
});

export const networkDatabase = (
  engine: NetworkDatabase["engine"],
  parts: Partial<Omit<NetworkDatabase, "engine">> = {},
): NetworkDatabase => ({
  engine,
  database: "campus",
  secret: `campus/test/${engine}`,
  sizeGiB: 12,
  verify: {},
  securityGroupId: "sg-0a1b2c3d4e5f60718",
  port: PORTS[engine],
  ...parts,
});

export const elasticacheDatabase = (parts: Partial<ElastiCacheDatabase> = {}): ElastiCacheDatabase =>
  ({ engine: "redis", elasticache: { replicationGroup: "campus-carts" }, database: "0", sizeGiB: 2, verify: {}, ...parts });

export const filesSource = (parts: Partial<BucketFiles> = {}): BucketFiles => ({
  bucket: "campus-test-uploads",
  sizeGiB: 40,
  verify: {},
  ...parts,
});

export const endpointAt = (url: string): EndpointSettings => ({ url, everySeconds: 300 });
