import { describe, expect, it } from "vitest";
import type { RepositorySettings, Settings } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { campus, daily, entryOf, planFor } from "../../support/campus.ts";

const shop = (parts: Partial<RepositorySettings> = {}): Pick<Settings, "repositories"> => ({
  repositories: { shop: { url: "https://github.com/acme/shop.git", secret: "campus/test/github", sizeGiB: 1, backup: { schedule: daily(20), keepDays: 30 }, verify: {}, ...parts } },
});
const problems = (parts: Partial<Settings>) => makePlan(campus(parts)).problems.map(({ path, message }) => `${path}: ${message}`);

describe("the backup of a repository", () => {
  it("is one entry, and carries its item", () => {
    expect(entryOf(planFor(shop()), "repository-backup")).toMatchObject({
      name: "shop", source: "shop", from: "upkeep:repositories.shop.backup", carries: ["backup.repository"], url: "https://github.com/acme/shop.git", secret: "campus/test/github",
      keepDays: 30, schedule: daily(20), timeoutSeconds: 900,
    });
    expect(planFor().entries.some(({ carries }) => (carries as readonly string[]).includes("backup.repository"))).toBe(false);
  });

  it("is checked, kept and watched like every backup, when its stack file says", () => {
    const plan = planFor(shop({ verify: { integrity: daily(40) } }));
    const checks = entryOf(plan, "verification", "shop-verify");
    expect(checks).toMatchObject({ from: "upkeep:repositories.shop.verify", engine: "repository", keepDays: 30 });
    expect(checks.checks.map(({ schedule }) => schedule.words)).toEqual(["daily at 06:00", "daily at 01:40"]);
    expect(entryOf(plan, "retention").sources).toContainEqual({ source: "shop", keepDays: 30, levels: ["checksums", "decode"] });
    for (const alert of ["shop-age", "shop-failed", "shop-not-started", "shop-corrupted", "shop-too-small", "shop-not-copied"]) expect(entryOf(plan, "alert", alert).signal).toMatchObject({ source: "shop" });
  });

  it("is enough to have a store, without a network or programs", () => {
    const { entries } = planFor({ ...shop(), databases: {}, files: {} });
    expect(entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(["store", "retention", "evidence"]));
    expect(entries.filter(({ kind }) => kind === "network" || kind === "tools-layer")).toEqual([]);
  });

  it("is none of the sources that a weekly backup doubles: it has all of its past in it", () => {
    const weekly = { schedule: { words: "weekly on sunday at 03:00", expression: "cron(0 3 ? * SUN *)", timeZone: "Europe/Berlin" }, keepDays: 84 };
    expect(planFor({ ...shop(), weekly }).entries.filter(({ kind }) => kind === "repository-backup")).toHaveLength(1);
  });

  it("has its secret described where the configuration is backed up", () => {
    const configuration = { backup: { schedule: daily(10), keepDays: 30 }, parameters: [] };
    expect(entryOf(planFor({ ...shop(), configuration }), "configuration-backup").secrets).toContain("campus/test/github");
  });

  it("does not go together with days that are over too soon, a size that takes too long, or a lock that ends later", () => {
    const days = (keepDays: number) => ({ backup: { schedule: daily(20), keepDays } });
    const alone = { databases: {}, files: {} };
    expect(problems({ ...shop(days(1)), ...alone })).toEqual([expect.stringContaining("upkeep:repositories.shop.backup.keep: Expected longer than the time between two backups (25 hours), got 1 days.")]);
    expect(problems({ ...shop({ sizeGiB: 21 }), ...alone })).toEqual([expect.stringContaining("upkeep:repositories.shop.sizeGiB: Expected at most 20, got 21.")]);
    expect(problems({ ...shop(), ...alone, store: { secondRegion: "eu-west-1", lock: { mode: "governance", days: 31 } } })).toEqual([
      expect.stringContaining("upkeep:repositories.shop.backup.keep: Expected at least as long as the object lock"),
    ]);
    const monthly = { words: "monthly on day 1 at 05:00", expression: "cron(0 5 1 * ? *)", timeZone: "Europe/Berlin" };
    expect(problems({ ...shop({ ...days(14), verify: { integrity: monthly } }), ...alone })).toEqual([expect.stringContaining("upkeep:repositories.shop.backup.keep: Expected at least 30 days, the time between two checks")]);
  });
});
