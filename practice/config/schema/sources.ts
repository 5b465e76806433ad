import * as z from "zod";
import { listed, sentence } from "../problems.ts";
import { show } from "../show.ts";
import { type Content, contentChoices } from "../../contract/content.ts";
import { nearestOf } from "../words/nearest.ts";
import { meaning, noMeaning } from "../words/parsed.ts";
import {
  addressBlock, atlasCluster, atlasProjectId, bucketName, databaseName, gibibytes, hostName, kmsKey, parameterPath, port, redisDatabase, secretName, securityGroupId,
} from "./forms.ts";
import { elasticache, notReached, saysElastiCache } from "./elasticache.ts";
import { exported } from "./exported.ts";
import { folderPath, inVpc, machine, notBeside, onHost, saysHost, saysPlaceOnHost } from "./hosts.ts";
import { keys, leaf, listOf, named, oneOf, shaped, text, trueOrFalse } from "./leaf.ts";
import { atlasSnapshots, noSnapshots, rdsSnapshots } from "./snapshots.ts";
import { backupSchedule, keepDays, keepWeeks, schedule, weeklySchedule, window, type Clock } from "./words.ts";

/** Four of the five guides keep 30 days. */
const KEEP_DAYS = 30;

export const backup = (clock: Clock) =>
  keys({ every: backupSchedule(clock), keep: keepDays("30 days").default(KEEP_DAYS) })
    .transform(({ every, keep }) => ({ schedule: every, keepDays: keep }));

/** Some YAML readers take `off` for false. */
const content = leaf<Content>((value) => {
  const said = contentChoices.find((choice) => choice === (value === false ? "off" : value));
  return said === undefined ? noMeaning("whether counts and hashes are taken beside the dump", "write `content: full` or `content: off`") : meaning(said);
});

const databaseBackup = (clock: Clock) =>
  keys({ every: backupSchedule(clock), keep: keepDays("30 days").default(KEEP_DAYS), content: content.exactOptional() })
    .transform(({ every, keep, ...said }) => ({ schedule: every, keepDays: keep, ...said }));

/** What needs no database: the store's own checksums, and a dump read whole. */
export const checks = (clock: Clock) => ({ checksums: schedule(clock).exactOptional(), integrity: schedule(clock).exactOptional() });

const question = text(/^(?=.*\S)[^\0]{1,1000}$/s, "a question to the restored database, of at most 1000 characters", "select count(*) from users");

const engines = ["mongodb-atlas", "mongodb", "postgresql", "redis"] as const;
const enginesOnHosts = ["mongodb", "postgresql", "redis"] as const;

/** Engines that an official program of their own dumps, wherever they are run. */
type Dumped = (typeof enginesOnHosts)[number];

const measured = (clock: Clock) => ({
  sizeGiB: gibibytes,
  verify: keys({ ...checks(clock), restore: schedule(clock).exactOptional(), smoke: question.exactOptional() }).prefault({}),
  maintenanceWindow: window(clock).exactOptional(),
});

const common = (clock: Clock, engine: Dumped) => ({ secret: secretName(`campus/prod/${engine}`), secretKey: kmsKey.exactOptional(), ...measured(clock) });

const atlas = keys({
  projectId: atlasProjectId,
  cluster: atlasCluster,
  allowFrom: listOf(addressBlock, "the public addresses of the NAT gateways", "[203.0.113.10/32]"),
});

function engineProblem(input: unknown, known: readonly string[], where = ""): string {
  const said = typeof input === "object" && input !== null && "engine" in input ? input.engine : undefined;
  const near = typeof said === "string" ? nearestOf(said, known) : undefined;
  const got = typeof input === "object" && input !== null ? said : input;
  return sentence(`an engine${where}: ${listed(known, "or")}`, show(got), `write \`engine: ${near ?? (known.includes("postgresql") ? "postgresql" : known[0])}\``);
}

/** On a machine of its own, and backed up there: nothing reaches it from outside. */
const hostDatabase = (clock: Clock) => {
  const backedUp = (engine: Dumped) => ({
    ...common(clock, engine), runsOn: onHost, host: machine, backup: databaseBackup(clock).exactOptional(), snapshots: noSnapshots.exactOptional(),
  });
  const records = (engine: Dumped) => ({ ...backedUp(engine), database: databaseName, export: exported(clock).exactOptional() });
  return z.discriminatedUnion("engine", [
    keys({ engine: z.literal("mongodb"), port: port.default(27_017), ...records("mongodb") }),
    keys({ engine: z.literal("postgresql"), port: port.default(5_432), ...records("postgresql") }),
    keys({ engine: z.literal("redis"), port: port.default(6_379), ...backedUp("redis"), database: redisDatabase.default("0") }),
  ], { error: ({ input }) => engineProblem(input, enginesOnHosts, " that runs on a host") });
};

const database = (clock: Clock) => {
  const [inNetwork, onMachine, inElastiCache] = [networkDatabase(clock), hostDatabase(clock), cacheDatabase(clock)];
  return shaped<typeof inNetwork | typeof onMachine | typeof inElastiCache>((value) => (saysElastiCache(value) ? inElastiCache : saysHost(value) ? onMachine : inNetwork));
};

const cacheDatabase = (clock: Clock) => z.discriminatedUnion("engine", [
  keys({
    engine: z.literal("redis"), elasticache, ...measured(clock), ...notReached, runsOn: inVpc.exactOptional(), snapshots: noSnapshots.exactOptional(),
    database: redisDatabase.default("0"), backup: databaseBackup(clock).exactOptional(),
  }),
], { error: ({ input }) => engineProblem(input, ["redis"], " that ElastiCache exports") });

const networkDatabase = (clock: Clock) => {
  const shared = (engine: Dumped) => ({ ...common(clock, engine), runsOn: inVpc.exactOptional(), host: hostName.exactOptional() });
  const records = (engine: Dumped) =>
    ({ ...shared(engine), database: databaseName, backup: databaseBackup(clock).exactOptional(), export: exported(clock).exactOptional() });
  const sharded = trueOrFalse.exactOptional();
  return z.discriminatedUnion("engine", [
    keys({ engine: z.literal("mongodb-atlas"), atlas, ...records("mongodb"), sharded, snapshots: atlasSnapshots.exactOptional() }),
    keys({ engine: z.literal("mongodb"), securityGroupId, port: port.default(27_017), ...records("mongodb"), sharded, snapshots: noSnapshots.exactOptional() }),
    keys({ engine: z.literal("postgresql"), securityGroupId, port: port.default(5_432), ...records("postgresql"), snapshots: rdsSnapshots(clock).exactOptional() }),
    keys({
      engine: z.literal("redis"), securityGroupId, port: port.default(6_379), snapshots: noSnapshots.exactOptional(), ...shared("redis"),
      database: redisDatabase.default("0"), backup: databaseBackup(clock).exactOptional(),
    }),
  ], { error: ({ input }) => engineProblem(input, engines) });
};

export const databases = (clock: Clock) =>
  named(database(clock), "accounts: { engine: postgresql, ... }").prefault({});

export const files = (clock: Clock) => {
  const shared = { sizeGiB: gibibytes, backup: backup(clock).exactOptional(), verify: keys(checks(clock)).prefault({}) };
  const as = oneOf(["archive", "copies"], "a form of backup: one archive, or copies of the objects with a list of them").exactOptional();
  const inBucket = keys({ bucket: bucketName, key: kmsKey.exactOptional(), as, ...shared });
  const onMachine = keys({
    host: machine, path: folderPath,
    bucket: notBeside("files in one place", "keep `bucket`, or `host` and `path`; what lies in both is two sources").exactOptional(), ...shared,
  });
  return named(
    shaped<typeof inBucket | typeof onMachine>((value) => (saysPlaceOnHost(value) ? onMachine : inBucket)),
    "uploads: { bucket: campus-uploads, ... }",
  ).prefault({});
};

const paths = listOf(parameterPath, "the paths of SSM parameters", "[/campus/prod/]");

/** No default for when: it is the hour at which nobody deploys. */
export const configuration = (clock: Clock) =>
  keys({ backup: backup(clock), parameters: paths.default([]), stateBucket: bucketName.exactOptional(), stateKey: kmsKey.exactOptional() });

/** No default for the days: no guide says how long a week's backup is kept, and it is the longest that anything is. */
export const weekly = (clock: Clock) =>
  keys({ every: weeklySchedule(clock), keep: keepWeeks }).transform(({ every, keep }) => ({ schedule: every, keepDays: keep }));
