import { expect, it } from "vitest";
import type { HostDatabase } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { campus, daily, entryOf, planFor } from "../../support/campus.ts";

const backup = { schedule: daily(), keepDays: 7 };
const hosts = { "web-1": { instanceId: "i-0a1b2c3d4e5f60718", role: "campus-web" }, "web-2": { instanceId: "mi-0a1b2c3d4e5f60718", role: "campus-hybrid" } };
const bookings: HostDatabase = {
  engine: "mongodb", runsOn: "host", host: "web-1", port: 27_017, database: "trixtech", secret: "campus/bookings", sizeGiB: 2, verify: {}, backup,
  export: { of: [{ name: "users" }], schedule: daily(45), keepDays: 60 },
};
const parts = { hosts, databases: { bookings }, files: { uploads: { host: "web-1", path: "/app/uploads", sizeGiB: 8, verify: {}, backup } } };
const plan = planFor(parts);

it("a host's backups carry the daily items, and say where they run", () => {
  expect(entryOf(plan, "host-backup", "bookings")).toMatchObject({
    from: "upkeep:databases.bookings.backup", carries: ["backup.mongodb.daily"], engine: "mongodb", database: "trixtech", host: "web-1", secret: "campus/bookings", everyMinutes: 30,
  });
  expect(entryOf(plan, "host-backup", "uploads")).toMatchObject({ carries: ["backup.files.daily"], engine: "files", database: "/app/uploads", host: "web-1" });
  expect(entryOf(plan, "host-backup", "bookings-export")).toMatchObject({ carries: ["backup.userdata.export"], engine: "mongodb-export", again: "bookings" });
});

it("only machines that back something up are entries, each with its own sources", () => {
  const { hosts: planned, architecture } = entryOf(plan, "hosts");
  expect(planned.map(({ name, sources }) => [name, sources.map(({ source }) => source)])).toEqual([["web-1", ["bookings", "uploads", "bookings-export"]]]);
  expect(architecture).toBe("x86_64");
  expect(entryOf(planFor({ ...parts, databases: {} }), "hosts")).not.toHaveProperty("architecture");
  expect(planFor().entries.some(({ kind }) => kind === "hosts")).toBe(false);
});

it("a host's backup is verified, kept and watched like all others, but that nothing of ours starts it", () => {
  expect(entryOf(plan, "verification", "uploads-verify")).toMatchObject({ engine: "files", keepDays: 7 });
  expect(entryOf(plan, "retention").sources.map(({ source }) => source)).toContain("bookings");
  const alerts = plan.entries.flatMap((entry) => (entry.kind === "alert" && "source" in entry.signal && entry.signal.source === "uploads" ? [entry.signal.kind] : []));
  expect(alerts).toEqual(expect.arrayContaining(["backup-age", "host-backup-failed", "held-back", "not-copied", "corrupted"]));
  expect(alerts).not.toContain("backup-not-started");
  // Two looks of 30 minutes, two runs of 30, and what evidence takes to see it, in whole hours; 25 hours between two backups when summer time ends.
  expect(entryOf(plan, "alert", "uploads-age").threshold).toBe((25 + 3) * 3600);
});

it("nothing of a host needs the network, a task or a limit of 20 GiB", () => {
  expect(plan.entries.some(({ kind }) => kind === "network")).toBe(false);
  const large = (sizeGiB: number) => makePlan(campus({ ...parts, databases: { bookings: { ...bookings, sizeGiB } } })).problems.filter(({ path }) => path.endsWith("sizeGiB"));
  expect(large(400)).toEqual([]);
  expect(large(501)).toMatchObject([{ path: "upkeep:databases.bookings.sizeGiB" }]);
});

it("a week's backup of a host is a source of its own, on the same host", () => {
  const weekly = planFor({ ...parts, weekly: { schedule: { ...daily(), words: "weekly on sunday at 03:00", expression: "cron(0 3 ? * SUN *)" }, keepDays: 84 } });
  expect(entryOf(weekly, "host-backup", "uploads-weekly")).toMatchObject({ again: "uploads", host: "web-1", carries: ["backup.full.weekly"] });
  expect(entryOf(weekly, "hosts").hosts[0]?.sources.map(({ source }) => source)).toContain("uploads-weekly");
});
