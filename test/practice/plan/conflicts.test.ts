import { describe, expect, it } from "vitest";
import type { BucketFiles, Settings } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { PracticeError, soundPlan } from "../../../practice/plan/sound.ts";
import { campus, daily, monthly } from "../../support/campus.ts";
import { fargate } from "../../support/fargate.ts";
import { atlasDatabase, filesSource, networkDatabase } from "../../support/settings.ts";

const problems = (parts: Partial<Settings>) => makePlan(campus(parts)).problems.map(({ path, message }) => `${path}: ${message}`);

const postgres = (parts: Parameters<typeof networkDatabase>[1]) => ({ databases: { accounts: networkDatabase("postgresql", parts) } });

describe("conflicts between practices", () => {
  it("a backup whose days are over before the next drill", () => {
    const withTasks = (parts: Parameters<typeof networkDatabase>[1]) => problems({ ...postgres(parts), system: { ...campus().system, fargate } });
    expect(withTasks({ backup: { schedule: daily(), keepDays: 7 }, verify: { restore: monthly } })).toEqual([
      "upkeep:databases.accounts.backup.keep: Expected at least 30 days, the time between two restore drills (monthly on first sunday at 06:00), got 7 days. "
      + "A fault that the drill finds would have outlived every good backup. Lengthen keep or drill more often.",
    ]);
    expect(withTasks({ backup: { schedule: daily(), keepDays: 30 }, verify: { restore: monthly } })).toEqual([]);
  });

  it("a backup whose days are over before the next check that reads one", () => {
    const conflict = "upkeep:databases.accounts.backup.keep: Expected at least 30 days, the time between two checks that read a backup "
      + "(monthly on first sunday at 06:00), got 7 days. Nothing expires before a newer one was read: backups would pile up past their days. "
      + "Lengthen keep or check more often.";
    expect(problems(postgres({ backup: { schedule: daily(), keepDays: 7 }, verify: { integrity: monthly } }))).toEqual([conflict]);
    expect(problems(postgres({ backup: { schedule: daily(), keepDays: 30 }, verify: { integrity: monthly } }))).toEqual([]);
    // The default follows the days to keep.
    expect(problems(postgres({ backup: { schedule: daily(), keepDays: 3 } }))).toEqual([]);
  });

  it("a backup whose days are over before the next backup", () => {
    expect(problems(postgres({ backup: { schedule: monthly, keepDays: 30 } }))).toEqual([
      "upkeep:databases.accounts.backup.keep: Expected longer than the time between two backups (35 days 1 hour), got 30 days. "
      + "The days of a backup would be over before the next one exists. Lengthen keep or back up more often.",
    ]);
  });

  it("an object lock longer than the lifecycle", () => {
    expect(problems({ ...postgres({ backup: { schedule: daily(), keepDays: 7 } }), files: {}, store: { secondRegion: "eu-west-1", lock: { mode: "governance", days: 14 } } })).toEqual([
      "upkeep:databases.accounts.backup.keep: Expected at least as long as the object lock (store.lock.keep: 14 days), got 7 days. "
      + "A locked backup outlives its days and nothing is freed. Lengthen keep or shorten the lock.",
    ]);
  });

  it("a database that no dump can follow, without snapshots of its provider", () => {
    const large = { sizeGiB: 700 };
    expect(problems(postgres(large))).toEqual([
      "upkeep:databases.accounts.snapshots: Expected snapshots of its provider for a database of 700 GiB, got none: above 500 GiB no dump ends in time. "
      + "RDS takes them: add `snapshots: { resource: <ARN of the RDS instance>, every: daily at 04:30, restoreTest: weekly on sunday at 06:30 }`.",
    ]);
    expect(problems(postgres({ ...large, backup: { schedule: daily(15), keepDays: 30 } })).join()).toContain("every: daily at 01:15, restoreTest: weekly on sunday at 03:15 }`.");
    expect(problems({ databases: { main: networkDatabase("mongodb", large) } })).toEqual([expect.stringContaining("Take snapshots of its disks")]);
    expect(problems({ databases: { main: atlasDatabase({ ...large, snapshots: { keepDays: 35, pointInTimeDays: 7 } }) } })).toEqual([]);
    expect(problems({ databases: { main: networkDatabase("redis", large) } })).toEqual([]);
  });

  it("a sharded database without snapshots of its provider, whatever its size", () => {
    const backup = { schedule: daily(), keepDays: 30 };
    const atlas = (parts: Parameters<typeof atlasDatabase>[0]) => problems({ databases: { main: atlasDatabase(parts) } });
    expect(atlas({ sharded: true })).toEqual([
      "upkeep:databases.main.snapshots: Expected snapshots of its provider for a sharded database, got none: a dump reads each shard at a time of its own, "
      + "and what moves between them meanwhile is in it twice or not at all. Atlas takes them: add `snapshots: { keep: 35 days, pointInTime: 7 days }`.",
    ]);
    expect(atlas({ sharded: true, snapshots: { keepDays: 35, pointInTimeDays: 7 } })).toEqual([]);
    expect(atlas({ sharded: false })).toEqual([]);
    expect(problems({ databases: { main: networkDatabase("mongodb", { sharded: true, backup }) } })).toEqual([expect.stringContaining("remove the backup here")]);
  });

  it("a database that nobody manages and no dump can follow, until somebody answers for its dump", () => {
    const answered = { "backup.mongodb.daily": { reason: "snapshots of its disks", owner: "platform@campus.example", date: "2026-11-24" } };
    const mongodb = (parts: Parameters<typeof networkDatabase>[1], notApplicable = {}) =>
      problems({ databases: { main: networkDatabase("mongodb", parts) }, notApplicable });
    for (const beyond of [{ sharded: true }, { sizeGiB: 700 }]) {
      expect(mongodb(beyond)).toHaveLength(1);
      expect(mongodb(beyond, answered)).toEqual([]);
    }
  });

  it("snapshots that have to go before their lock ends", () => {
    const snapshots = { resource: "arn:aws:rds:eu-central-1:123456789012:db:campus-accounts", schedule: daily(), restoreTest: monthly, keepDays: 35, pointInTimeDays: 7 };
    const withLock = (days: number) => problems({ ...postgres({ snapshots }), files: {}, store: { secondRegion: "eu-west-1", lock: { mode: "governance", days } } });
    expect(withLock(14)).toEqual([expect.stringContaining("upkeep:databases.accounts.snapshots.pointInTime: Expected at least the 14 days")]);
    expect(withLock(7)).toEqual([]);
  });

  it("two sources with one key prefix", () => {
    expect(problems({ ...postgres({ backup: { schedule: daily(), keepDays: 30 } }), files: { accounts: filesSource({ sizeGiB: 1, backup: { schedule: daily(), keepDays: 30 } }) } })).toEqual([
      "upkeep:files.accounts: Expected a name of its own, got one that upkeep:databases.accounts has. Both would write under one prefix of the store and expire each other. Rename one.",
    ]);
  });

  it("a backup in the provider's maintenance window", () => {
    const maintenanceWindow = { words: "weekly on sunday at 01:00 for 1 hour", minutes: 60, schedule: { ...daily(), expression: "cron(0 1 ? * 1 *)" } };
    const found = problems(postgres({ backup: { schedule: daily(), keepDays: 30 }, maintenanceWindow }));
    expect(found).toHaveLength(1);
    expect(found[0]).toContain("upkeep:databases.accounts.backup.every: Expected a time outside the maintenance window (weekly on sunday at 01:00 for 1 hour), got daily at 01:30: its run on a Sunday at 01:30 (Europe/Berlin) may be under way in it.");
  });

  it("a backup that still runs when the window opens", () => {
    const maintenanceWindow = { words: "", minutes: 30, schedule: { ...daily(), expression: "cron(9 2 ? * 1 *)" } };
    const touching = { words: "", minutes: 30, schedule: { ...daily(), expression: "cron(10 2 ? * 1 *)" } };
    expect(problems(postgres({ backup: { schedule: daily(), keepDays: 30 }, maintenanceWindow }))).toHaveLength(1);
    expect(problems(postgres({ backup: { schedule: daily(), keepDays: 30 }, maintenanceWindow: touching }))).toEqual([]);
  });

  it("an alert whose severity has no route", () => {
    const { P0, P2, P3 } = campus().routing;
    if (!P0 || !P2 || !P3) throw new Error("Expected the routes of the reference system.");
    expect(problems({ routing: { P0, P2, P3 } })).toEqual([
      "upkeep:routing.P1: Expected a route, got none: accounts-age, catalogue-age, uploads-age, accounts-corrupted, catalogue-corrupted, uploads-corrupted, evidence-silent would reach nobody. "
      + "Write P1: { respondWithin: ..., to: [...] }, or give the alerts another severity.",
    ]);
  });

  it("a route to a channel that nobody declared", () => {
    expect(problems({ routing: { ...campus().routing, P0: { respondWithinSeconds: 900, to: ["oncal"] } } })).toEqual([
      'upkeep:routing.P0.to[0]: Expected the name of a channel (oncall, desk), got "oncal". Did you mean `oncall`? Write that, or add the channel under upkeep:channels.',
    ]);
    expect(problems({ routing: { ...campus().routing, P0: { respondWithinSeconds: 900, to: ["everybody"] } } })).toEqual([
      'upkeep:routing.P0.to[0]: Expected the name of a channel (oncall, desk), got "everybody". Add it under upkeep:channels, or name another.',
    ]);
  });

  it("production without a second region, and a second region that is the first", () => {
    expect(problems({ store: {} })).toEqual([expect.stringContaining("upkeep:store: A production system keeps a second copy")]);
    expect(problems({ store: { secondRegion: "eu-central-1" } })).toEqual([expect.stringContaining("got eu-central-1 again")]);
  });

  it("a source too large for a function", () => {
    expect(problems(postgres({ sizeGiB: 21, backup: { schedule: daily(), keepDays: 30 } }))).toEqual([
      expect.stringContaining("upkeep:databases.accounts.sizeGiB: Expected at most 20, got 21."),
    ]);
  });

  it("an archive of a bucket that is too large for one, with the way out", () => {
    const bucket = (parts: Partial<BucketFiles>) => problems({ files: { uploads: filesSource({ backup: { schedule: daily(), keepDays: 30 }, ...parts }) } });
    expect(bucket({ sizeGiB: 40, as: "archive" })).toEqual([
      "upkeep:files.uploads.as: Expected `copies` for a bucket of more than 20 GiB, got an archive of 40. A function has 15 minutes, which an archive of this size does not keep. "
      + "Write `as: copies`, or leave it out: each object is copied by itself then, and only when it is new.",
    ]);
    expect([bucket({ sizeGiB: 40 }), bucket({ sizeGiB: 40, as: "copies" }), bucket({ sizeGiB: 20, as: "archive" }), bucket({ sizeGiB: 1, as: "copies" })]).toEqual([[], [], [], []]);
  });

  it("Atlas from subnets that have no way out, and from no subnets at all", () => {
    const network = { kind: "ids", egress: "endpoints", existing: [], vpcId: "vpc-1", privateSubnetIds: ["subnet-1"], routeTableIds: ["rtb-1"] } as const;
    const databases = { catalogue: atlasDatabase({ backup: { schedule: daily(), keepDays: 30 } }) };
    expect(problems({ databases, system: { ...campus().system, network } })).toEqual([expect.stringContaining("Expected subnets with a way out")]);
    const { network: _, ...unplaced } = campus().system;
    expect(problems({ databases, system: unplaced })).toEqual([expect.stringContaining("upkeep:system.network: Expected a network whose NAT gateways")]);
  });

  it("all of them in one error, each with its place", () => {
    const settings = campus({ store: {}, routing: { ...campus().routing, P0: { respondWithinSeconds: 900, to: ["nobody"] } } });
    const plan = () => soundPlan(settings, (path) => ({ file: "Pulumi.test.yaml", line: path.length, column: 3 }));
    expect(plan).toThrow(PracticeError);
    expect(plan).toThrow(/^2 problems, nothing was changed:[^]*Pulumi.test.yaml:12:3 {2}upkeep:store[^]*Pulumi.test.yaml:23:3 {2}upkeep:routing.P0.to\[0\]/);
  });
});
