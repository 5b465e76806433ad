import { describe, expect, it } from "vitest";
import type { ElastiCacheDatabase } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { campus, daily, entryOf, monthly, planFor } from "../../support/campus.ts";
import { elasticacheDatabase, settingsWith, systemWith } from "../../support/settings.ts";

const carts = (parts: Partial<ElastiCacheDatabase> = {}): ElastiCacheDatabase => elasticacheDatabase({ backup: { schedule: daily(), keepDays: 30 }, ...parts });
const withCarts = (parts: Partial<ElastiCacheDatabase> = {}) => ({ databases: { carts: carts(parts) }, files: {} });
const problems = (parts: Partial<ElastiCacheDatabase>) => makePlan(campus(withCarts(parts))).problems.map(({ path, message }) => `${path}: ${message}`);

describe("the plan of a Redis that ElastiCache exports", () => {
  it("is a backup of its own kind, and one bucket for the exports of all", () => {
    const plan = planFor({ databases: { carts: carts(), queue: carts({ elasticache: { cacheCluster: "campus-queue" } }) }, files: {} });
    expect(entryOf(plan, "elasticache-backup", "carts")).toMatchObject({ engine: "redis", of: { replicationGroup: "campus-carts" }, from: "upkeep:databases.carts.backup", lookEverySeconds: 60, timeoutSeconds: 900 });
    expect(entryOf(plan, "export-bucket")).toEqual({ kind: "export-bucket", name: "exports", from: "upkeep:databases", carries: [], emptiedAfterDays: 1 });
    expect(planFor().entries.filter(({ kind }) => kind === "export-bucket")).toEqual([]);
  });

  it("needs neither network nor database programs, and is checked, retained and watched as every backup is", () => {
    const { plan } = makePlan(settingsWith({ system: systemWith(), ...withCarts() }));
    expect(plan.entries.map(({ kind }) => kind).filter((kind) => kind === "network" || kind === "tools-layer")).toEqual([]);
    expect(entryOf(plan, "verification")).toMatchObject({ source: "carts", engine: "redis" });
    expect(entryOf(plan, "retention").sources).toMatchObject([{ source: "carts" }]);
    expect(plan.entries.flatMap((entry) => (entry.kind === "alert" ? entry.name : [])).filter((name) => name.startsWith("carts-"))).toEqual(expect.arrayContaining(["carts-age", "carts-failed", "carts-not-started", "carts-too-small", "carts-corrupted"]));
  });

  it("is late only when an export may not take longer", () => {
    // The longest day of the year, the two hours that an export may take, two attempts to store it, and what asks take: in whole hours.
    expect(entryOf(planFor(withCarts()), "alert", "carts-age").thresholdInWords).toBe("older than 29 hours");
  });

  it("is backed up once more with the weekly ones, under names of its own", () => {
    const weekly = { schedule: { words: "weekly on sunday at 03:00", expression: "cron(0 3 ? * SUN *)", timeZone: "Europe/Berlin" }, keepDays: 84 };
    expect(entryOf(planFor({ ...withCarts(), weekly }), "elasticache-backup", "carts-weekly")).toMatchObject({ source: "carts-weekly", again: "carts", of: { replicationGroup: "campus-carts" } });
  });

  it("is drilled as every Redis is, in a task", () => {
    const image = `public.ecr.aws/x@sha256:${"1".repeat(64)}`;
    const system = { ...campus().system, fargate: { images: { node: image, awsCli: image, redis: image } } };
    const { plan, problems: found } = makePlan(campus({ ...withCarts({ verify: { restore: monthly } }), system }));
    expect(found).toEqual([]);
    expect(entryOf(plan, "drill")).toMatchObject({ source: "carts", engine: "redis" });
    expect(entryOf(plan, "tasks").name).toBe("tasks");
  });

  it("is refused above what a function stores, also where there are tasks, with what to switch on instead", () => {
    expect(problems({ sizeGiB: 21 })).toEqual([expect.stringMatching(/^upkeep:databases.carts.sizeGiB: Expected at most 20, got 21\. .*SnapshotRetentionLimit/) as string]);
    expect(problems({ sizeGiB: 20 })).toEqual([]);
  });

  it("keeps its run, with the hours that an export may take, out of the maintenance window", () => {
    const window = (hour: number) => ({ words: "in the night", minutes: 60, schedule: { ...daily(), expression: `cron(0 ${hour} ? * MON *)` } });
    expect(problems({ maintenanceWindow: window(4) })).toEqual([expect.stringContaining("Expected a time outside the maintenance window") as string]);
    expect(problems({ maintenanceWindow: window(5) })).toEqual([]);
  });
});
