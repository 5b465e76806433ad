import { describe, expect, it } from "vitest";
import type { ConfigurationSettings, Settings } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { campus, daily, entryOf, planFor } from "../../support/campus.ts";

const configuration: ConfigurationSettings = { backup: { schedule: daily(20), keepDays: 30 }, parameters: ["/campus/prod/"] };
const problems = (parts: Partial<Settings>) => makePlan(campus(parts)).problems.map(({ path, message }) => `${path}: ${message}`);

describe("the backup of a configuration", () => {
  it("is one entry, told which secrets the system has, and carries its item", () => {
    expect(entryOf(planFor({ configuration }), "configuration-backup")).toMatchObject({
      name: "configuration", source: "configuration", from: "upkeep:configuration", carries: ["backup.configuration"], keepDays: 30, schedule: daily(20),
      parameters: ["/campus/prod/"], secrets: ["campus/test/postgresql", "campus/test/mongodb", "campus/test/redis"],
    });
    expect(planFor().entries.some(({ kind }) => kind === "configuration-backup")).toBe(false);
  });

  it("is checked, kept and watched like every backup", () => {
    const plan = planFor({ configuration });
    expect(entryOf(plan, "verification", "configuration-verify")).toMatchObject({ from: "upkeep:configuration", engine: "configuration", carries: ["verify.integrity"], keepDays: 30 });
    expect(entryOf(plan, "retention").sources).toContainEqual({ source: "configuration", keepDays: 30, levels: ["checksums", "decode"] });
    expect(entryOf(plan, "alert", "configuration-age").signal).toEqual({ kind: "backup-age", source: "configuration" });
  });

  it("is enough to have a store, without a network or programs", () => {
    const { entries } = planFor({ configuration, databases: {}, files: {} });
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["store", "retention", "evidence"]));
    expect(entries.filter(({ kind }) => kind === "network" || kind === "tools-layer")).toEqual([]);
  });

  it("is none of the sources that a weekly backup doubles", () => {
    const weekly = { schedule: { words: "weekly on sunday at 03:00", expression: "cron(0 3 ? * SUN *)", timeZone: "Europe/Berlin" }, keepDays: 84 };
    expect(planFor({ configuration, weekly }).entries.filter(({ kind }) => kind === "configuration-backup")).toHaveLength(1);
  });

  it("does not go together with days that are over too soon, or before a lock ends", () => {
    expect(problems({ configuration: { ...configuration, backup: { schedule: daily(20), keepDays: 1 } } })).toEqual([
      expect.stringContaining("upkeep:configuration.backup.keep: Expected longer than the time between two backups (25 hours), got 1 days."),
    ]);
    expect(problems({ configuration, store: { secondRegion: "eu-west-1", lock: { mode: "governance", days: 31 } }, databases: {}, files: {} })).toEqual([
      expect.stringContaining("upkeep:configuration.backup.keep: Expected at least as long as the object lock"),
    ]);
  });
});
