import { expect, it } from "vitest";
import { makePlan } from "../../../practice/plan/plan.ts";
import { campus, daily } from "../../support/campus.ts";
import { networkDatabase } from "../../support/settings.ts";

const backup = { schedule: daily(), keepDays: 30 };
const problems = (host: string | undefined, engine: "redis" | "postgresql" = "redis", parts: Parameters<typeof networkDatabase>[1] = { backup }) =>
  makePlan(campus({ databases: { sessions: networkDatabase(engine, { ...parts, ...(host === undefined ? {} : { host }) }) }, files: {} })).problems.map(({ path, message }) => `${path}: ${message}`);

it.each([
  ["master.campus.abc123.euc1.cache.amazonaws.com", "campus"],
  ["clustercfg.campus-carts.abc123.euc1.cache.amazonaws.com", "campus-carts"],
  ["campus.abc123.ng.0001.euc1.cache.amazonaws.com", "campus"],
  ["campus.abc123.0001.cnn1.cache.amazonaws.com.cn", "campus"],
])("a Redis of ElastiCache that is named by its host (%s) is told what to write instead", (host, group) => {
  expect(problems(host)).toEqual([expect.stringMatching(new RegExp(`^upkeep:databases.sessions.elasticache: Expected the replication group of ${host}, .*Write \`elasticache: \\{ replicationGroup: ${group} \\}\``)) as string]);
});

it.each([
  ["a serverless cache of ElastiCache", "campus-abc123.serverless.euc1.cache.amazonaws.com", "SnapshotRetentionLimit of the cache"],
  ["one of MemoryDB", "clustercfg.campus.abc123.memorydb.eu-central-1.amazonaws.com", "SnapshotRetentionLimit of its cluster"],
])("%s is not backed up by a dump that it would refuse, and its own snapshots are named", (what, host, snapshots) => {
  expect(problems(host)).toEqual([expect.stringMatching(new RegExp(`^upkeep:databases.sessions.backup: Expected a Redis that hands its data to replicas \\(PSYNC\\), or a replication group of ElastiCache, got ${what}, .*let AWS keep snapshots: .*${snapshots}`)) as string]);
});

it("a Redis of one's own is, and one of theirs may stand there without a backup", () => {
  expect(problems("cache.campus.example")).toEqual([]);
  expect(problems(undefined)).toEqual([]);
  expect(problems("master.campus.abc123.euc1.cache.amazonaws.com", "redis", {})).toEqual([]);
  expect(problems("cache.amazonaws.com.campus.example")).toEqual([]);
});
