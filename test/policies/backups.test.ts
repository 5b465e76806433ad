import { describe, expect, it } from "vitest";
import { backupsAreWatched } from "../../policies/backups-are-watched.ts";
import { databasesHaveBackups } from "../../policies/databases-have-backups.ts";
import { evidenceIsWatched } from "../../policies/evidence-is-watched.ts";
import { planIsReadable } from "../../policies/plan-is-readable.ts";
import { schedulesAreWatched } from "../../policies/schedules-are-watched.ts";
import { judge, type Stack, UNKNOWN } from "../support/policy.ts";
import { broken, part, validStack, without } from "./valid-stack.ts";

const changed = (name: string, props: Record<string, unknown>): Stack => broken((stack) => { Object.assign(part(stack, name).props, props); });

describe("plan-is-readable", () => {
  it.each<[string, unknown, string]>([
    ["no plan", undefined, "got no plan"],
    ["a plan of another version", { version: 2, entries: [] }, "got version 2"],
  ])("refuses %s", async (_, plan, message) => {
    expect(await judge(planIsReadable, changed("campus", { plan }))).toEqual({ messages: [expect.stringContaining(message)], about: ["campus"] });
  });

  it("doubts an unknown plan", async () => {
    expect((await judge(planIsReadable, changed("campus", { plan: UNKNOWN }))).doubt).toContain(".plan can't be known");
  });
});

describe("databases-have-backups", () => {
  it.each([
    ["a schedule", "accounts-schedule"],
    ["a state machine that the schedule starts", "accounts-machine"],
    ["a function that the state machine runs", "accounts-function"],
    ["a backup store that the function writes to", "backups-bucket"],
  ])("demands %s", async (what, name) => {
    const verdict = await judge(databasesHaveBackups, without(validStack(), name));
    expect(verdict).toEqual({ messages: [expect.stringContaining(`Expected accounts to have ${what}, found none.`)], about: ["accounts"] });
  });

  it("judges a backup that was declared without a plan", async () => {
    expect((await judge(databasesHaveBackups, without(validStack(), "campus", "accounts-machine"))).messages)
      .toEqual([expect.stringContaining("a state machine that the schedule starts")]);
  });

  it("does not take the schedule of another backup for this one's", async () => {
    const stack = broken((whole) => {
      whole["other"] = { type: "upkeep:backup:FilesBackup", parent: "campus", props: { entry: { kind: "files-backup", source: "other" } } };
    });
    expect(await judge(databasesHaveBackups, stack)).toEqual({ messages: [expect.stringContaining("Expected other to have a schedule")], about: ["other"] });
  });

  it("refuses a schedule that is paused", async () => {
    expect((await judge(databasesHaveBackups, changed("accounts-schedule", { state: "DISABLED" }))).messages)
      .toEqual([expect.stringContaining("Expected the schedule accounts-schedule to be enabled")]);
  });

  it("refuses a plan of which nothing was declared", async () => {
    expect((await judge(databasesHaveBackups, { campus: part(validStack(), "campus") })).messages)
      .toEqual([expect.stringContaining("Expected the component that backs up accounts")]);
  });

  it("refuses a planned backup that nobody declared", async () => {
    const verdict = await judge(databasesHaveBackups, changed("accounts", { entry: { kind: "database-backup", source: "other" } }));
    expect(verdict.messages).toEqual([expect.stringContaining("Expected the component that backs up accounts (upkeep:databases.accounts.backup), found none.")]);
  });

  const withDatabase = (engine: string, items: readonly object[]): Stack => broken((stack) => {
    const { plan } = part(stack, "campus").props as { plan: Record<string, unknown> };
    Object.assign(plan, { items, databases: [{ name: "bare", engine, from: "upkeep:databases.bare" }] });
  });

  it.each(["mongodb-atlas", "mongodb", "postgresql"])("refuses a %s database without a backup", async (engine) => {
    expect((await judge(databasesHaveBackups, withDatabase(engine, []))).messages)
      .toEqual([expect.stringContaining("Expected a backup of upkeep:databases.bare, found none in the plan.")]);
  });

  it("accepts a decision in its place, and a cache without one", async () => {
    const decided = [{ id: "backup.postgresql.daily", notApplicable: { reason: "rebuilt from the registry each night" } }];
    expect((await judge(databasesHaveBackups, withDatabase("postgresql", decided))).messages).toEqual([]);
    expect((await judge(databasesHaveBackups, withDatabase("mongodb", decided))).messages).toHaveLength(1);
    expect((await judge(databasesHaveBackups, withDatabase("redis", []))).messages).toEqual([]);
  });

  const withSnapshots = (taken: Stack): Stack => {
    const stack = withDatabase("postgresql", []);
    const { plan } = part(stack, "campus").props as { plan: { entries: readonly object[] } };
    Object.assign(plan, { entries: [...plan.entries, { kind: "snapshots", name: "bare-snapshots", source: "bare", from: "upkeep:databases.bare.snapshots" }] });
    return { ...stack, ...taken };
  };
  const snapshotsOf = (source: string): Stack => ({ "bare-snapshots": { type: "upkeep:backup:ManagedSnapshots", parent: "campus", props: { entry: { kind: "snapshots", source } } } });

  it.each(["aws:backup/selection:Selection", "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"])("accepts snapshots of the database's provider, which a %s has taken", async (type) => {
    const stack = withSnapshots({ ...snapshotsOf("bare"), taken: { type, parent: "bare-snapshots", props: {} } });
    expect((await judge(databasesHaveBackups, stack)).messages).toEqual([]);
  });

  it.each<[string, Stack]>([
    ["nobody declared", {}],
    ["nothing has taken", snapshotsOf("bare")],
    ["are of another database", { ...snapshotsOf("other"), taken: { type: "aws:backup/selection:Selection", parent: "bare-snapshots", props: {} } }],
    ["are taken elsewhere", { ...snapshotsOf("bare"), taken: { type: "aws:backup/selection:Selection", parent: "campus", props: {} } }],
  ])("refuses planned snapshots that %s", async (_, taken) => {
    expect((await judge(databasesHaveBackups, withSnapshots(taken))).messages)
      .toEqual([expect.stringContaining("Expected the component that has snapshots of bare taken (upkeep:databases.bare.snapshots), found none.")]);
  });

  it("doubts a schedule whose state is unknown", async () => {
    expect((await judge(databasesHaveBackups, changed("accounts-schedule", { state: UNKNOWN }))).doubt).toContain(".state can't be known");
  });
});

describe("backups-are-watched", () => {
  it.each<[string, Stack, string]>([
    ["no alarm on its age", without(validStack(), "age"), "Expected an alarm on BackupAgeSeconds of accounts, found none."],
    ["an age alarm of another source", changed("age", { dimensions: { Source: "catalogue" } }), "Expected an alarm on BackupAgeSeconds of accounts"],
    ["an age alarm in another namespace", changed("age", { namespace: "AWS/Upkeep" }), "Expected an alarm on BackupAgeSeconds of accounts"],
    ["an age alarm that sleeps through silence", changed("age", { treatMissingData: "notBreaching" }), "to be breaching, got notBreaching."],
    ["an age alarm with the default for silence", changed("age", { treatMissingData: undefined }), "to be breaching, got nothing."],
    ["an age alarm the wrong way round", changed("age", { comparisonOperator: "LessThanThreshold" }), "above its threshold, got LessThanThreshold."],
    ["an age alarm that looks back too far", changed("age", { period: 86_400, evaluationPeriods: 8 }), "at most 7 days"],
    ["no alarm on failed runs", without(validStack(), "failed"), "Expected an alarm on ExecutionsFailed"],
    ["an alarm on another number of its runs", changed("failed", { metricName: "ExecutionsStarted" }), "Expected an alarm on ExecutionsFailed"],
  ])("refuses a backup with %s", async (_, stack, message) => {
    expect(await judge(backupsAreWatched, stack)).toEqual({ messages: [expect.stringContaining(message)], about: ["accounts"] });
  });

  it("does not take the failure alarm of another machine for this one's", async () => {
    const stack = broken((whole) => {
      whole["other-machine"] = { type: "aws:sfn/stateMachine:StateMachine", props: {} };
      part(whole, "failed").refs = { dimensions: ["other-machine"] };
    });
    expect((await judge(backupsAreWatched, stack)).messages).toEqual([expect.stringContaining("Expected an alarm on ExecutionsFailed")]);
  });

  it("is not content with a stack whose planned backups it cannot find", async () => {
    expect((await judge(backupsAreWatched, { campus: part(validStack(), "campus") })).messages)
      .toEqual([expect.stringContaining("Expected a backup for upkeep:databases.accounts.backup, found none in the whole stack.")]);
  });

  it("doubts an age alarm whose missing data is unknown", async () => {
    expect(await judge(backupsAreWatched, changed("age", { treatMissingData: UNKNOWN })))
      .toEqual({ messages: [], about: [], doubt: expect.stringContaining("treatMissingData") as string });
  });
});

describe("schedules-are-watched", () => {
  it("demands a dead-letter queue", async () => {
    expect(await judge(schedulesAreWatched, without(validStack(), "accounts-undelivered")))
      .toEqual({ messages: [expect.stringContaining("Expected accounts-schedule to have a dead-letter queue, got none.")], about: ["accounts-schedule"] });
  });

  it("demands somebody who looks at the queue", async () => {
    expect((await judge(schedulesAreWatched, without(validStack(), "not-started"))).messages)
      .toEqual([expect.stringContaining("Expected an alarm on the dead-letter queue of accounts-schedule, found none.")]);
  });

  it("is not content with a stack without schedules where there are backups", async () => {
    expect((await judge(schedulesAreWatched, without(validStack(), "accounts-schedule", "verify-schedule", "drill-schedule"))).messages)
      .toEqual([expect.stringContaining("Expected a schedule for upkeep:databases.accounts.backup, found none in the whole stack.")]);
  });
});

describe("evidence-is-watched", () => {
  it.each<[string, Stack, string]>([
    ["no alarm", without(validStack(), "silent"), "Expected an alarm on EvidenceRuns for upkeep:databases, found none"],
    ["an alarm that sleeps through silence", changed("silent", { treatMissingData: "missing" }), "to be breaching, got missing."],
    ["an alarm the wrong way round", changed("silent", { comparisonOperator: "GreaterThanThreshold" }), "when runs are missing"],
  ])("refuses %s", async (_, stack, message) => {
    expect((await judge(evidenceIsWatched, stack)).messages).toEqual([expect.stringContaining(message)]);
  });

  it("doubts an alarm whose comparison is unknown", async () => {
    expect((await judge(evidenceIsWatched, changed("silent", { comparisonOperator: UNKNOWN }))).doubt).toContain("comparisonOperator");
  });
});
