import { describe, expect, it } from "vitest";
import type { Settings } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { campus, daily, entryOf, planFor } from "../../support/campus.ts";
import { filesSource, networkDatabase } from "../../support/settings.ts";

const sunday = (time: string, expression: string) => ({ words: `weekly on sunday at ${time}`, expression, timeZone: "Europe/Berlin" });
const weekly = { schedule: sunday("03:00", "cron(0 3 ? * SUN *)"), keepDays: 84 };

const problems = (parts: Partial<Settings>) => makePlan(campus(parts)).problems.map(({ path, message }) => `${path}: ${message}`);

describe("the weekly full backup", () => {
  it("is a second entry beside each source's own, with nothing shared but what is read", () => {
    const plan = planFor({ weekly });
    for (const [kind, source] of [["database-backup", "accounts"], ["database-backup", "catalogue"], ["files-backup", "uploads"]] as const) {
      const own = entryOf(plan, kind, source);
      expect(entryOf(plan, kind, `${source}-weekly`)).toEqual({
        ...own, name: `${source}-weekly`, source: `${source}-weekly`, again: source, from: "upkeep:weekly", carries: ["backup.full.weekly"], schedule: weekly.schedule, keepDays: 84,
      });
      expect(own).toEqual(entryOf(planFor(), kind, source));
    }
  });

  it("is none of a source that is not backed up, and none where nobody asked for it", () => {
    const carrying = (parts: Partial<Settings>) => planFor(parts).entries.filter(({ carries }) => carries.includes("backup.full.weekly")).map(({ name }) => name);
    expect(carrying({ weekly })).toEqual(["accounts-weekly", "catalogue-weekly", "uploads-weekly"]);
    expect(carrying({})).toEqual([]);
  });

  it("is checked when its source says, and judged by its own days and its own alarms", () => {
    const database = networkDatabase("postgresql", { backup: { schedule: daily(), keepDays: 30 }, verify: { integrity: daily(50) } });
    const plan = planFor({ weekly, databases: { accounts: database } });
    expect(entryOf(plan, "verification", "accounts-weekly-verify")).toMatchObject({
      source: "accounts-weekly", from: "upkeep:databases.accounts.verify", keepDays: 84, engine: "postgresql", checks: [{ level: "checksums" }, { level: "decode", schedule: daily(50) }],
    });
    // A week with an hour more, and the two hours that a run may be late.
    expect(entryOf(plan, "alert", "accounts-weekly-age")).toMatchObject({ threshold: (7 * 24 + 1 + 2) * 3600, signal: { source: "accounts-weekly" } });
    expect(entryOf(plan, "retention").sources).toContainEqual({ source: "accounts-weekly", keepDays: 84, levels: ["checksums", "decode"] });
    expect(entryOf(plan, "evidence").sources).toEqual(entryOf(plan, "retention").sources);
  });

  it("has the alerts of its source once more", () => {
    const names = (source: string) => planFor({ weekly }).entries.flatMap((entry) => (entry.kind === "alert" && "source" in entry.signal && entry.signal.source === source ? [entry.name.replace(source, "")] : []));
    expect(names("accounts").length).toBeGreaterThan(5);
    expect(names("accounts-weekly")).toEqual(names("accounts"));
  });

  it("reaches its database by the path that is open already", () => {
    const paths = (parts: Partial<Settings>) => entryOf(planFor(parts), "network").paths.map(({ name }) => name);
    expect(paths({ weekly })).toEqual(paths({}));
  });
});

describe("a weekly backup does not go together with", () => {
  const accounts = (every: ReturnType<typeof daily>) => ({ databases: { accounts: networkDatabase("postgresql", { backup: { schedule: every, keepDays: 30 } }) }, files: {} });
  const atThree = { words: "daily at 03:00", expression: "cron(0 3 * * ? *)", timeZone: "Europe/Berlin" };

  it("another backup of the same source that starts in the same minute", () => {
    expect(problems({ weekly, ...accounts(atThree) })).toEqual([
      "upkeep:weekly.every: Expected a time at which no other backup of upkeep:databases.accounts starts, got weekly on sunday at 03:00: "
      + "upkeep:databases.accounts.backup (daily at 03:00) starts on a Sunday at 03:00 (Europe/Berlin) too. Both would read one source at the same time. Move one of the two.",
    ]);
    expect(problems({ weekly, ...accounts(daily()) })).toEqual([]);
  });

  it("the same minute in another zone", () => {
    const atTwoUtc = { words: "daily at 02:00 UTC", expression: "cron(0 2 * * ? *)", timeZone: "UTC" };
    expect(problems({ weekly, ...accounts(atTwoUtc) })).toEqual([expect.stringContaining("starts on a Sunday at 03:00 (Europe/Berlin) too")]);
  });

  it("days that are over before the next week's, said once for all sources", () => {
    expect(problems({ weekly: { ...weekly, keepDays: 7 } })).toEqual([
      "upkeep:weekly.keep: Expected longer than the time between two backups (7 days 1 hour), got 7 days. "
      + "The days of a backup would be over before the next one exists. Lengthen keep or back up more often.",
    ]);
  });

  it("an object lock that outlives it, said once", () => {
    const store = { secondRegion: "eu-west-1", lock: { mode: "governance", days: 14 } } as const;
    expect(problems({ weekly: { ...weekly, keepDays: 10 }, store })).toEqual([expect.stringContaining("upkeep:weekly.keep: Expected at least as long as the object lock")]);
  });

  it("the provider's maintenance window of a database, which the daily one keeps clear of", () => {
    const maintenanceWindow = { words: "weekly on sunday at 03:30 for 1 hour", minutes: 60, schedule: sunday("03:30", "cron(30 3 ? * 1 *)") };
    const databases = { accounts: networkDatabase("postgresql", { backup: { schedule: daily(), keepDays: 30 }, maintenanceWindow }) };
    expect(problems({ weekly, databases, files: {} })).toEqual([expect.stringContaining("upkeep:weekly.every: Expected a time outside the maintenance window (weekly on sunday at 03:30 for 1 hour)")]);
  });

  it("checks that come further apart than it is kept", () => {
    const integrity = { words: "quarterly on day 1 at 05:00", expression: "cron(0 5 1 1,4,7,10 ? *)", timeZone: "Europe/Berlin" };
    const files = { uploads: filesSource({ sizeGiB: 1, backup: { schedule: daily(), keepDays: 100 }, verify: { integrity } }) };
    expect(problems({ weekly, databases: {}, files })).toEqual([expect.stringContaining("upkeep:weekly.keep: Expected at least 91 days, the time between two checks that read a backup")]);
  });
});
