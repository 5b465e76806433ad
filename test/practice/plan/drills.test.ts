import { describe, expect, it } from "vitest";
import type { Settings } from "../../../practice/config/settings.ts";
import { drillMaxGiB, drillTask } from "../../../practice/plan/drill-shape.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import type { AlertEntry } from "../../../practice/plan/entries.ts";
import { campus, daily, entryOf, monthly, planFor } from "../../support/campus.ts";
import { fargate } from "../../support/fargate.ts";
import { atlasDatabase, networkDatabase } from "../../support/settings.ts";

const backup = { schedule: daily(), keepDays: 35 };
const system = { ...campus().system, fargate };
const quarterly = { words: "quarterly on day 1 at 04:00", expression: "cron(0 4 1 1,4,7,10 ? *)", timeZone: "Europe/Berlin" };
const hourly = { words: "every 1 hour", expression: "rate(1 hours)", timeZone: "Europe/Berlin" };

const accounts = (parts: Parameters<typeof networkDatabase>[1] = {}) => networkDatabase("postgresql", { backup, sizeGiB: 4, verify: { restore: monthly, smoke: "select 1" }, ...parts });
const catalogue = atlasDatabase({ backup, verify: { restore: monthly } });
const drilled = (parts: Partial<Settings> = {}) => planFor({ system, databases: { accounts: accounts(), catalogue }, ...parts });
const problems = (parts: Partial<Settings>) => makePlan(campus({ system, ...parts })).problems.map(({ path, message }) => `${path}: ${message}`);
const drillsIn = (plan: ReturnType<typeof planFor>) => plan.entries.flatMap((entry) => (entry.kind === "drill" ? [entry] : []));

describe("the restore drills of a plan", () => {
  it("are of each database whose source says when, into a server of its engine", () => {
    expect(drillsIn(drilled()).map(({ source, engine, image, schedule, smoke, from }) => ({ source, engine, image, schedule, smoke, from }))).toEqual([
      { source: "accounts", engine: "postgresql", image: fargate.images.postgresql, schedule: monthly, smoke: "select 1", from: "upkeep:databases.accounts.verify.restore" },
      { source: "catalogue", engine: "mongodb", image: fargate.images.mongodb, schedule: monthly, smoke: undefined, from: "upkeep:databases.catalogue.verify.restore" },
    ]);
    expect(drillsIn(planFor({ system }))).toEqual([]);
  });

  it("are of the backup that its source asked for, not of the weekly one or of an export beside it", () => {
    const databases = { accounts: accounts({ export: { schedule: daily(45), keepDays: 35, of: [{ name: "users" }] } }) };
    expect(drillsIn(drilled({ databases, weekly: { schedule: daily(10), keepDays: 90 } })).map(({ source }) => source)).toEqual(["accounts"]);
  });

  it("carry the item of the catalog when each database of record is restored once a month or more often", () => {
    const carried = (databases: Settings["databases"]) => [...new Set(drillsIn(drilled({ databases })).flatMap(({ carries }) => carries))];
    expect(carried({ accounts: accounts(), catalogue })).toEqual(["verify.restore"]);
    expect(carried({ accounts: accounts({ verify: { restore: daily() } }), catalogue })).toEqual(["verify.restore"]);
    expect(carried({ accounts: accounts({ verify: { restore: quarterly } }), catalogue })).toEqual([]);
    expect(carried({ accounts: accounts(), catalogue: atlasDatabase({ backup }) })).toEqual([]);
    // Nobody asks for one of a cache.
    expect(carried({ accounts: accounts(), sessions: networkDatabase("redis", { backup }) })).toEqual(["verify.restore"]);
  });

  it("tell evidence to publish the age of the newest good restore, and not retention, which waits for what was read", () => {
    const plan = drilled();
    expect(entryOf(plan, "evidence").sources.find(({ source }) => source === "accounts")?.levels).toEqual(["checksums", "decode", "restore"]);
    expect(entryOf(plan, "retention").sources.find(({ source }) => source === "accounts")?.levels).toEqual(["checksums", "decode"]);
  });

  it("have three alerts each, in words of their own", () => {
    const alerts = drilled().entries.filter((entry): entry is AlertEntry => entry.kind === "alert" && "source" in entry.signal && entry.signal.source === "accounts" && /drill|restore/.test(entry.name));
    expect(alerts.map(({ name, title, thresholdInWords, suppressedBy }) => ({ name, title, thresholdInWords, suppressedBy }))).toEqual([
      { name: "accounts-unverified-restore", title: "Unverified: restore of accounts", thresholdInWords: "not good for 36 days 1 hour", suppressedBy: "evidence-silent" },
      { name: "accounts-failed-drill", title: "A drill of accounts did not end well", thresholdInWords: "one failed run", suppressedBy: undefined },
      { name: "accounts-unstarted-drill", title: "A drill of accounts could not be started", thresholdInWords: "one start that failed", suppressedBy: undefined },
    ]);
  });

  it("have a group of the network to themselves", () => {
    expect(entryOf(drilled(), "network").drills).toBe(true);
    expect(entryOf(planFor({ system }), "network").drills).toBe(false);
  });
});

describe("the task of a drill", () => {
  it("has the disk that a restore of its size takes, within what every task has where that is enough", () => {
    expect(drillTask("postgresql", 4)).toEqual({ cpuUnits: 2048, memoryMegabytes: 8192, timeoutSeconds: 1800 });
    expect(drillTask("postgresql", 40)).toEqual({ cpuUnits: 2048, memoryMegabytes: 8192, ephemeralGiB: 90, timeoutSeconds: 9000 });
    expect(drillTask("mongodb", drillMaxGiB.mongodb).ephemeralGiB).toBe(200);
  });

  it("has the memory that a Redis of its size takes, of what Fargate sells", () => {
    expect(drillTask("redis", 1)).toMatchObject({ cpuUnits: 2048, memoryMegabytes: 8192 });
    expect(drillTask("redis", 6.5)).toMatchObject({ cpuUnits: 4096, memoryMegabytes: 17 * 1024 });
    expect(drillTask("redis", 20)).toMatchObject({ cpuUnits: 8192, memoryMegabytes: 44 * 1024 });
    expect(drillTask("redis", drillMaxGiB.redis)).toMatchObject({ cpuUnits: 16_384, memoryMegabytes: 120 * 1024 });
    expect(drillTask("redis", 20)).not.toHaveProperty("ephemeralGiB");
  });
});

describe("conflicts of a drill", () => {
  const withoutTasks = (({ fargate: _, ...others }) => others)(system);

  it("without tasks", () => {
    expect(problems({ system: withoutTasks, databases: { accounts: accounts() } })).toEqual([
      "upkeep:databases.accounts.verify.restore: Expected tasks to restore in, got none: upkeep:system.fargate is not there. Name its images, the one of postgresql among them, "
      + "or remove restore here, and restore by hand (`npx upkeep restore`, which writes the same evidence) with an answer to verify.restore under upkeep:notApplicable (upkeep:databases.accounts).",
    ]);
  });

  it("without an image of its engine's server", () => {
    const { mongodb: _, ...images } = fargate.images;
    expect(problems({ system: { ...system, fargate: { images } }, databases: { catalogue } })).toEqual([
      expect.stringContaining("upkeep:databases.catalogue.verify.restore: Expected an image of the server to restore into, got none: upkeep:system.fargate.images has no mongodb."),
    ]);
  });

  it("of a database for which no task has room, with what to do instead", () => {
    expect(problems({ databases: { accounts: accounts({ sizeGiB: 95 }) } })).toEqual([]);
    expect(problems({ databases: { accounts: accounts({ sizeGiB: 96 }) } })).toEqual([
      expect.stringMatching(/^upkeep:databases.accounts.verify.restore: Expected a database of at most 95 GiB, it has 96: no task of Fargate has the disk that a restore of it takes. Where RDS runs it, have AWS Backup restore its snapshots/),
    ]);
    expect(problems({ databases: { sessions: networkDatabase("redis", { backup, sizeGiB: 59, verify: { restore: monthly } }) } })).toEqual([
      expect.stringMatching(/at most 58 GiB, it has 59: no task of Fargate has the memory that a restore of it takes. Restore it on a machine that has the room/),
    ]);
  });

  it("of a PostgreSQL whose backup says nothing of what is in it: the others count as they dump", () => {
    const unsaid = { ...backup, content: "off" } as const;
    expect(problems({ databases: { accounts: accounts({ backup: unsaid }) } })).toEqual([expect.stringContaining("upkeep:databases.accounts.backup.content: Expected full beside verify.restore, got off")]);
    expect(problems({ databases: { catalogue: atlasDatabase({ backup: unsaid, verify: { restore: monthly } }) } })).toEqual([]);
  });

  it("that begins again before it can have ended", () => {
    expect(problems({ databases: { accounts: accounts({ sizeGiB: 40, verify: { restore: hourly } }) } })).toEqual([
      expect.stringContaining("upkeep:databases.accounts.verify.restore: Expected drills further apart than one of 40 GiB may take (2 hours 30 minutes), got every 1 hour."),
    ]);
    expect(problems({ databases: { accounts: accounts({ verify: { restore: daily() } }) } })).toEqual([]);
  });

  it("of nothing, and a question that nobody is asked", () => {
    const { backup: _, ...unsaved } = accounts();
    expect(problems({ databases: { accounts: unsaved } })).toEqual([expect.stringContaining("upkeep:databases.accounts.verify.restore: Expected a backup that can be restored, got none.")]);
    expect(problems({ databases: { accounts: accounts({ verify: { smoke: "select 1" } }) } })).toEqual([
      "upkeep:databases.accounts.verify.smoke: Expected restore beside it, got none: only a restored database is asked. "
      + "Write `restore: monthly on first sunday at 05:30` beside it, or remove it.",
    ]);
  });
});
