import { beforeAll, describe, expect, it } from "vitest";
import type { Account, FoundAssociation, FoundNode } from "../../../cli/doctor/account.ts";
import { hostsName, tasksName } from "../../../practice/contract/names.ts";
import { campus, daily, monthly } from "../../support/campus.ts";
import { type Doctor, doctorOf, hoursAgo, nothing } from "../../support/doctor.ts";
import { fargate } from "../../support/fargate.ts";
import { filesSource, networkDatabase } from "../../support/settings.ts";

const backup = { schedule: daily(), keepDays: 30 };
const instanceId = "mi-0a1b2c3d4e5f60718";
const scope = { system: { name: "campus" }, stack: "test" };

describe("upkeep doctor, of hosts", () => {
  let doctor: Doctor;
  beforeAll(async () => {
    doctor = await doctorOf({
      hosts: { "web-1": { instanceId, role: "campus-web" } },
      databases: { orders: { engine: "postgresql", database: "orders", secret: "campus/test/orders", port: 5432, runsOn: "host", host: "web-1", sizeGiB: 4, verify: {}, backup } },
      files: { disk: { host: "web-1", path: "/app/uploads", sizeGiB: 8, verify: {}, backup } },
    });
  });
  const node = (parts: Partial<FoundNode>): Partial<Account> => ({ managedNode: () => Promise.resolve({ ping: "Online", platform: "Linux", role: "campus-web", ...parts }) });
  /** Of the files; the database's is well. */
  const disk = (parts: Partial<FoundAssociation>): Partial<Account> => ({
    association: (name) => Promise.resolve({
      id: "0c1d2e3f", instanceIds: [instanceId], status: "Success", ranAt: hoursAgo(0.4), ...(name === "campus-test-disk-backup" ? parts : {}),
    }),
  });

  it("looks at the machine, its role, its secrets and its associations", async () => {
    const asked: string[] = [];
    const found = await doctor.found({
      secret: ({ name, host }) => {
        asked.push(`${name} ${host}`);
        return Promise.resolve({});
      },
      managedNode: (id) => {
        asked.push(id);
        return Promise.resolve({ ping: "Online", platform: "Linux", role: "campus-web" });
      },
      roleExists: (name) => {
        asked.push(name);
        return Promise.resolve(true);
      },
    });
    expect(found.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(asked.toSorted()).toEqual(["campus-web", "campus/test/orders localhost", instanceId]);
    expect(found.map(({ check, found: what }) => `${check}: ${what}`)).toEqual(expect.arrayContaining([
      `host web-1: ${instanceId}, online`, "role of web-1: campus-web",
      "association of orders: campus-test-orders-backup, Success, 0.4 hours ago", "association of disk: campus-test-disk-backup, Success, 0.4 hours ago",
    ]));
  });

  it.each<readonly [string, Partial<Account>, string]>([
    ["a secret that is not there", { secret: nothing }, "problem: secret of orders: there is no secret campus/test/orders"],
    ["a machine that nobody registered", { managedNode: nothing }, `problem: host web-1: Systems Manager knows no ${instanceId} in eu-central-1`],
    ["a machine that is off", node({ ping: "ConnectionLost" }), `problem: host web-1: ${instanceId} is ConnectionLost`],
    ["another system", node({ platform: "Windows" }), `problem: host web-1: ${instanceId} is Windows`],
    ["another role than the one that gets the policy", node({ role: "campus-api" }), `problem: host web-1: ${instanceId} has the role campus-api, the stack file says campus-web`],
    ["a machine whose programs have no role", { managedNode: () => Promise.resolve({ ping: "Online", platform: "Linux" }) },
      `problem: host web-1: ${instanceId} has no role, the stack file says campus-web`],
    ["a role that does not exist", { roleExists: () => Promise.resolve(false) }, "problem: role of web-1: there is no role campus-web"],
    ["an association that is gone", { association: (name) => (name.includes("disk") ? nothing() : Promise.resolve({ id: "1", instanceIds: [instanceId], status: "Success", ranAt: hoursAgo(0.4) })) },
      "problem: association of disk: there is no campus-test-disk-backup"],
    ["one that asks another machine", disk({ instanceIds: ["mi-2"] }), `problem: association of disk: campus-test-disk-backup asks mi-2, not ${instanceId}`],
    ["a run that failed", disk({ status: "Failed" }), "problem: association of disk: campus-test-disk-backup ended as Failed, 0.4 hours ago"],
    ["one that stopped asking", disk({ ranAt: hoursAgo(30) }), "problem: association of disk: campus-test-disk-backup ran last 30.0 hours ago, and is to run every 30 minutes"],
  ])("tells of %s", async (_, answers, expected) => {
    expect(await doctor.amiss(answers)).toEqual([expected]);
  });

  it("says of one that has not run yet that nobody knows", async () => {
    const never: Partial<Account> = { association: () => Promise.resolve({ id: "0c1d2e3f", instanceIds: [instanceId], status: "Pending" }) };
    expect(await doctor.amiss(never)).toEqual([
      "unknown: association of orders: campus-test-orders-backup has not run yet", "unknown: association of disk: campus-test-disk-backup has not run yet",
    ]);
  });

  it("tells nobody to start a state machine where there is none: the association asks the machine", async () => {
    const wayOut = async (answers: Partial<Account>, of: string) => (await doctor.found(answers)).find(({ check }) => check === of)?.wayOut;
    expect(await wayOut({ newestBackup: nothing }, "newest backup of disk")).toBe(
      "web-1 makes the run that is due when the association campus-test-disk-backup asks it, every 30 minutes; in State Manager, *Apply association now* asks at once.");
    const log = `Read the stream disk of the log group /upkeep/${hostsName(scope)}.`;
    expect(await wayOut({ newestBackup: () => Promise.resolve(hoursAgo(60)) }, "newest backup of disk")).toBe(`${log} The alert's runbook says how.`);
    expect(await wayOut(disk({ status: "Failed" }), "association of disk")).toBe(`${log} Mend that, then: aws ssm start-associations-once --association-ids 0c1d2e3f`);
  });
});

describe("upkeep doctor, of tasks, drills and copies", () => {
  let doctor: Doctor;
  beforeAll(async () => {
    doctor = await doctorOf({
      system: { ...campus().system, fargate },
      databases: { accounts: networkDatabase("postgresql", { backup, database: "accounts", sizeGiB: 4, verify: { restore: monthly } }) },
      files: { uploads: filesSource({ backup, sizeGiB: 400 }) },
    });
  });
  const drill = (outcome: "restored" | "corrupted", days: number): Partial<Account> => ({ newestDrill: () => Promise.resolve({ startedAt: hoursAgo(days * 24), outcome }) });

  it("looks at the cluster, at what runs in it, and at how the newest restore ended", async () => {
    const asked: string[] = [];
    const found = await doctor.found({
      hasTaskDefinition: (family) => {
        asked.push(family);
        return Promise.resolve(true);
      },
      clusterState: (name) => {
        asked.push(name);
        return Promise.resolve("ACTIVE");
      },
    });
    expect(found.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(asked.toSorted()).toEqual(["campus-test-accounts-backup", "campus-test-accounts-drill", tasksName(scope)]);
    expect(found.map(({ check, found: what }) => `${check}: ${what}`)).toEqual(expect.arrayContaining([
      "cluster: campus-test-tasks is active", "tasks: 2 are defined", "newest drill of accounts: restored, 3.0 days old",
    ]));
  });

  it.each<readonly [string, Partial<Account>, string]>([
    ["a cluster that is gone", { clusterState: nothing }, "problem: cluster: campus-test-tasks is gone: no drill and no large backup can run"],
    ["a cluster that was deleted", { clusterState: () => Promise.resolve("INACTIVE") }, "problem: cluster: campus-test-tasks is inactive: no drill and no large backup can run"],
    ["a definition that somebody deregistered", { hasTaskDefinition: (family) => Promise.resolve(!family.endsWith("drill")) }, "problem: tasks: no active definition: campus-test-accounts-drill"],
    ["a drill's schedule that somebody stopped", { scheduleState: (name) => Promise.resolve(name.endsWith("drill") ? "DISABLED" : "ENABLED") },
      "problem: schedules: not running: campus-test-accounts-drill (disabled)"],
    ["a restore that found the backup corrupted", drill("corrupted", 3), "problem: newest drill of accounts: corrupted, 3.0 days old"],
    ["a restore that is too long ago", drill("restored", 60), "problem: newest drill of accounts: restored, 60.0 days old, more than 36.0"],
    ["a restore that nobody has made yet", { newestDrill: nothing }, "unknown: newest drill of accounts: there is none: whether its backups can be had back is not known"],
  ])("tells of %s", async (_, answers, expected) => {
    expect(await doctor.amiss(answers)).toEqual([expected]);
  });

  it("counts eight functions at one time for a backup by copies", async () => {
    const needed = (await doctor.found()).find(({ check }) => check === "functions at one time");
    expect(needed?.found).toBe("1000 may run, 13 are needed (8 by each backup by copies)");
    expect(await doctor.amiss({ concurrency: () => Promise.resolve(10) }))
      .toEqual(["problem: functions at one time: 10 may run, 13 are needed (8 by each backup by copies)"]);
  });
});
