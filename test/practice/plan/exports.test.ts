import { describe, expect, it } from "vitest";
import type { ExportSettings, Settings } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { campus, daily, entryOf, planFor } from "../../support/campus.ts";
import { atlasDatabase, networkDatabase } from "../../support/settings.ts";

const backup = { schedule: daily(), keepDays: 30 };
const sunday = (time: string, expression: string) => ({ words: `weekly on sunday at ${time}`, expression, timeZone: "Europe/Berlin" });
const exported = (parts: Partial<ExportSettings> = {}): ExportSettings => ({ of: [{ name: "users", columns: ["id"] }, { name: "shop.orders" }], schedule: sunday("04:00", "cron(0 4 ? * SUN *)"), keepDays: 182, ...parts });
const accounts = (parts: Parameters<typeof networkDatabase>[1] = {}): Partial<Settings> => ({ databases: { accounts: networkDatabase("postgresql", { backup, export: exported(), ...parts }) }, files: {} });
const problems = (parts: Partial<Settings>) => makePlan(campus(parts)).problems.map(({ path, message }) => `${path}: ${message}`);

describe("the export of some tables", () => {
  it("is an entry beside the backup, which reaches the same database and is kept apart", () => {
    const plan = planFor(accounts());
    expect(entryOf(plan, "database-backup", "accounts-export")).toEqual({
      ...entryOf(plan, "database-backup", "accounts"),
      name: "accounts-export", source: "accounts-export", again: "accounts", from: "upkeep:databases.accounts.export", carries: ["backup.userdata.export"],
      engine: "postgresql-export", exports: [{ name: "public.users", columns: ["id"] }, { name: "shop.orders" }], schedule: exported().schedule, keepDays: 182,
    });
  });

  it("names collections of MongoDB as they are", () => {
    const plan = planFor({ databases: { catalogue: atlasDatabase({ backup, export: exported() }) } });
    expect(entryOf(plan, "database-backup", "catalogue-export")).toMatchObject({ engine: "mongodb-export", exports: exported().of });
  });

  it("is checked without the database's programs, kept and watched by its own days", () => {
    const plan = planFor(accounts());
    expect(entryOf(plan, "verification", "accounts-export-verify")).toMatchObject({ engine: "postgresql-export", keepDays: 182 });
    expect(entryOf(plan, "retention").sources).toContainEqual({ source: "accounts-export", keepDays: 182, levels: ["checksums", "decode"] });
    expect(entryOf(plan, "alert", "accounts-export-age").threshold).toBe((7 * 24 + 1 + 2) * 3600);
  });

  it("is not doubled by a weekly backup", () => {
    const weekly = { schedule: sunday("03:00", "cron(0 3 ? * SUN *)"), keepDays: 84 };
    expect(planFor({ ...accounts(), weekly }).entries.flatMap((entry) => (entry.kind === "database-backup" ? [entry.source] : []))).toEqual(["accounts", "accounts-weekly", "accounts-export"]);
  });

  it("does not go together with no backup, with the minute of another one, with a window, and with days that are over too soon", () => {
    const { backup: _, ...withoutBackup } = networkDatabase("postgresql", { export: exported() });
    expect(problems({ databases: { accounts: withoutBackup }, files: {} })).toEqual([expect.stringContaining("upkeep:databases.accounts.backup: Expected a backup beside the export, got none.")]);
    expect(problems(accounts({ backup: { schedule: { ...daily(), words: "daily at 04:00", expression: "cron(0 4 * * ? *)" }, keepDays: 30 } }))).toEqual([
      expect.stringContaining("upkeep:databases.accounts.export.every: Expected a time at which no other backup of upkeep:databases.accounts starts"),
    ]);
    expect(problems({ ...accounts(), weekly: { schedule: exported().schedule, keepDays: 84 } })).toEqual([expect.stringContaining("upkeep:weekly (weekly on sunday at 04:00) starts on a Sunday at 04:00 (Europe/Berlin) too")]);
    const maintenanceWindow = { words: "weekly on sunday at 04:15 for 1 hour", minutes: 60, schedule: sunday("04:15", "cron(15 4 ? * 1 *)") };
    expect(problems(accounts({ maintenanceWindow }))).toEqual([expect.stringContaining("upkeep:databases.accounts.export.every: Expected a time outside the maintenance window")]);
    expect(problems(accounts({ export: exported({ keepDays: 7 }) }))).toEqual([expect.stringContaining("upkeep:databases.accounts.export.keep: Expected longer than the time between two backups")]);
  });
});
