import { describe, expect, it } from "vitest";
import type { EndpointService, Settings } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { campus, daily, entryOf, monthly, planFor } from "../../support/campus.ts";
import { atlasDatabase, networkDatabase, settingsWith } from "../../support/settings.ts";

describe("makePlan", () => {
  it("gives the same plan for the same settings", () => {
    expect(JSON.stringify(planFor())).toBe(JSON.stringify(planFor()));
  });

  it("plans nothing to store, watch or expire where nothing is backed up", () => {
    const kinds = makePlan(settingsWith()).plan.entries.map(({ kind }) => kind);
    expect(kinds).toEqual(["routing"]);
  });

  it("finds the reference system sound", () => {
    expect(makePlan(campus()).problems).toEqual([]);
  });

  it("backs up each source with its own days, and tells retention and evidence the same", () => {
    const sources = ["accounts", "catalogue", "uploads"].map((source) => ({ source, keepDays: 30, levels: ["checksums", "decode"] }));
    expect(entryOf(planFor(), "retention").sources).toEqual(sources);
    expect(entryOf(planFor(), "evidence").sources).toEqual(sources);
  });

  it("says for each entry where it stands in the stack file", () => {
    const plan = planFor();
    expect(entryOf(plan, "database-backup", "accounts").from).toBe("upkeep:databases.accounts.backup");
    expect(entryOf(plan, "files-backup").from).toBe("upkeep:files.uploads.backup");
  });

  it.each([
    { engine: "postgresql", item: "backup.postgresql.daily" },
    { engine: "mongodb", item: "backup.mongodb.daily" },
  ] as const)("carries $item with a daily backup, and not with a monthly one", ({ engine, item }) => {
    const carried = (schedule: ReturnType<typeof daily>) =>
      entryOf(planFor({ databases: { main: networkDatabase(engine, { backup: { schedule, keepDays: 60 } }) } }), "database-backup").carries;
    expect(carried(daily())).toEqual([item]);
    expect(carried(monthly)).toEqual([]);
  });

  it("backs up a Redis that is more than a cache like any database behind a security group; no guide has an item for it", () => {
    const plan = planFor({ databases: { sessions: networkDatabase("redis", { database: "0", backup: { schedule: daily(), keepDays: 7 } }) } });
    expect(entryOf(plan, "database-backup", "sessions")).toMatchObject({
      engine: "redis", database: "0", carries: [], keepDays: 7, reach: { kind: "security-group", securityGroupId: "sg-0a1b2c3d4e5f60718", port: 6379 },
    });
    expect(entryOf(plan, "network").paths).toMatchObject([{ sources: ["sessions"], port: 6379 }]);
  });

  it("has a layer of its own for what is dumped, unless the stack file names one that is published", () => {
    const { toolsLayer: published, ...system } = campus().system;
    const layers = (parts: Partial<Settings>) => planFor(parts).entries.filter(({ kind }) => kind === "tools-layer");
    expect(layers({ system })).toMatchObject([{ name: "tools", architecture: "x86_64" }]);
    expect(entryOf(planFor({ system }), "database-backup", "accounts")).not.toHaveProperty("toolsLayer");
    expect(layers({ system, databases: {} })).toEqual([]);
    expect(layers({})).toEqual([]);
    expect(entryOf(planFor(), "database-backup", "accounts").toolsLayer).toBe(published);
  });

  it("gives a large source two processors", () => {
    const memory = (sizeGiB: number) =>
      entryOf(planFor({ databases: { main: networkDatabase("postgresql", { sizeGiB, backup: { schedule: daily(), keepDays: 60 } }) } }), "database-backup").memoryMegabytes;
    expect([memory(5), memory(6)]).toEqual([1769, 3538]);
  });

  it("declares endpoints only for subnets without a way out", () => {
    const closed = (existing: readonly EndpointService[]) => ({
      ...campus().system,
      network: { kind: "ids", egress: "endpoints", vpcId: "vpc-1", privateSubnetIds: [], routeTableIds: [], cidr: "10.0.0.0/16", existing } as const,
    });
    const { accounts } = campus().databases;
    if (accounts === undefined) throw new Error("Expected a PostgreSQL database.");
    const network = (existing: readonly EndpointService[]) => entryOf(planFor({ system: closed(existing), databases: { accounts } }), "network");
    expect(entryOf(planFor(), "network")).toMatchObject({ interfaceEndpoints: [], gatewayEndpoint: false });
    expect(network([])).toMatchObject({ interfaceEndpoints: ["secretsmanager", "kms", "states", "logs"], gatewayEndpoint: true });
    expect(network(["s3", "kms"])).toMatchObject({ interfaceEndpoints: ["secretsmanager", "states", "logs"], gatewayEndpoint: false });
  });

  it("opens one path for two databases behind one security group and port, and for two clusters of one project", () => {
    const backup = { schedule: daily(), keepDays: 30 };
    const { paths } = entryOf(planFor({
      databases: {
        accounts: networkDatabase("postgresql", { backup }), orders: networkDatabase("postgresql", { backup }), other: networkDatabase("postgresql", { backup, port: 5433 }),
        catalogue: atlasDatabase({ backup }), reviews: atlasDatabase({ backup }),
      },
    }), "network");
    expect(paths.map(({ name, sources }) => [name, sources])).toEqual([
      ["sg-0a1b2c3d4e5f60718-5432", ["accounts", "orders"]],
      ["sg-0a1b2c3d4e5f60718-5433", ["other"]],
      ["64f0c0ffee64f0c0ffee64f0-203.0.113.7/32", ["catalogue", "reviews"]],
    ]);
  });

  it("carries secure storage in production only with a second region", () => {
    expect(entryOf(planFor(), "store").carries).toEqual(["retention.secure-storage"]);
    expect(entryOf(planFor({ store: {} }), "store").carries).toEqual([]);
  });

  it("knows every catalog item, and the answer where one was given", () => {
    const answer = { reason: "one fixed host", owner: "platform@campus.example", date: "2026-11-23" };
    const { items } = planFor({ notApplicable: { "recover.scale-out": answer } });
    expect(items.find(({ id }) => id === "recover.scale-out")).toMatchObject({ area: "recovery", notApplicable: answer });
    expect(items.find(({ id }) => id === "backup.postgresql.daily")?.applies).toBe(true);
  });
});

describe("alerts", () => {
  const alert = (name: string, parts = {}) => entryOf(planFor(parts), "alert", name);

  it("calls a daily backup late two hours after the longest day", () => {
    expect(alert("accounts-age")).toMatchObject({ threshold: 27 * 3600, thresholdInWords: "older than 27 hours", severity: "P1", suppressedBy: "evidence-silent" });
  });

  it("takes lateness and severity from the stack file", () => {
    const alerts = { ...campus().alerts, backupAge: { lateSeconds: 3600, severity: "P0" as const } };
    expect(alert("accounts-age", { alerts })).toMatchObject({ threshold: 26 * 3600, severity: "P0" });
  });

  it("watches each source for age, failure, a start that never came, backups held back, copies that never came, and what its checks find", () => {
    const names = (parts = {}) => planFor(parts).entries.filter(({ kind, name }) => kind === "alert" && name.startsWith("uploads-")).map(({ name }) => name);
    expect(names()).toEqual([
      "uploads-age", "uploads-failed", "uploads-not-started", "uploads-held-back", "uploads-not-copied",
      "uploads-unverified-checksums", "uploads-unverified-decode", "uploads-corrupted", "uploads-too-small", "uploads-suspicious",
      "uploads-check-failed", "uploads-check-not-started",
    ]);
    expect(names({ store: {} })).not.toContain("uploads-not-copied");
  });

  it("links each alert to a runbook named by its signal", () => {
    expect(alert("uploads-not-started").runbook).toBe("https://runbooks.campus.example/backup-not-started");
  });
});

describe("quiet hours", () => {
  it.each([
    { from: "19:00", until: "08:00", expression: "cron(0 19 * * *)", duration: "PT780M" },
    { from: "01:30", until: "05:00", expression: "cron(30 1 * * *)", duration: "PT210M" },
    { from: "00:00", until: "00:00", expression: "cron(0 0 * * *)", duration: "PT1440M" },
  ])("from $from until $until", ({ from, until, expression, duration }) => {
    const plan = planFor({ quietHours: { from, until, timeZone: "Europe/Berlin" } });
    expect(entryOf(plan, "quiet")).toMatchObject({ expression, duration });
  });
});
