import { beforeAll, describe, expect, it } from "vitest";
import type { Account } from "../../../cli/doctor/account.ts";
import { examine } from "../../../cli/doctor/examine.ts";
import type { Finding } from "../../../cli/doctor/finding.ts";
import type { Subject } from "../../../cli/doctor/subject.ts";
import { within } from "../../../cli/doctor/within.ts";
import { accountThat, NOW, subjectWithout } from "../../support/doctor.ts";

const vpc = "vpc-0a1b2c3d4e5f60718";
const ours = { "upkeep:system": "campus", "upkeep:stack": "test" };
const people = [{ endpoint: "oncall@campus.example", confirmed: true }, { endpoint: "https://alerts.campus.example/upkeep", confirmed: true }];
const hoursAgo = (hours: number): Date => new Date(NOW.getTime() - hours * 3_600_000);

/** A deployed stack in which all is well. */
const sound: Account = {
  number: () => Promise.resolve("123456789012"),
  secret: () => Promise.resolve({}),
  keyState: () => Promise.reject(new Error("Expected no question about a key: no secret has one.")),
  vpc: () => Promise.resolve({ cidr: "10.0.0.0/16" }),
  subnetVpc: () => Promise.resolve(vpc),
  securityGroupVpc: () => Promise.resolve(vpc),
  routeTableVpc: () => Promise.resolve(vpc),
  defaultRoute: () => Promise.resolve("nat-1"),
  layerArchitectures: () => Promise.resolve(["x86_64"]),
  bucketExists: () => Promise.resolve(true),
  lambda: () => Promise.resolve({ tags: ours, environment: { UPKEEP_STORE_BUCKET: "campus-test-backups-1" } }),
  concurrency: () => Promise.resolve(1000),
  topic: () => Promise.resolve({ tags: ours, subscriptions: people }),
  scheduleState: () => Promise.resolve("ENABLED"),
  raisedAlarms: () => Promise.resolve([]),
  newestBackup: () => Promise.resolve(hoursAgo(3)),
};

const denied = (): Promise<never> => Promise.reject(Object.assign(new Error("not authorized to perform: ec2:DescribeVpcs"), { name: "AccessDeniedException" }));

describe("upkeep doctor", () => {
  let subject: Omit<Subject, "account" | "number">;
  beforeAll(async () => {
    subject = await subjectWithout();
  });
  const found = (answers: Partial<Account> = {}): Promise<readonly Finding[]> => examine({ ...subject, account: accountThat({ ...sound, ...answers }) });
  const amiss = async (answers: Partial<Account>): Promise<readonly string[]> =>
    (await found(answers)).filter(({ state }) => state !== "ok").map(({ state, check, found: what }) => `${state}: ${check}: ${what}`);

  it("finds nothing amiss in a stack that is as it should be, and looks at all of it", async () => {
    const findings = await found();
    expect(findings.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual([
      "credentials", "secret of accounts", "secret of catalogue", "VPC", "subnet", "security group of accounts", "route table", "way out",
      "tools layer", "bucket of uploads", "names", "functions at one time", "deployed", "P0 is told", "P1 is told", "P2 is told", "P3 is told",
      "schedules", "newest backup of accounts", "newest backup of catalogue", "newest backup of uploads", "alarms",
    ]);
  });

  it.each<readonly [string, Partial<Account>, readonly string[]]>([
    ["a secret that is not there", { secret: ({ name }) => Promise.resolve(name.endsWith("postgresql") ? undefined : {}) },
      ["problem: secret of accounts: there is no secret campus/test/postgresql"]],
    ["a secret without a host", { secret: ({ name }) => Promise.resolve(name.endsWith("postgresql") ? { wrong: "host is missing or wrong" } : {}) },
      ["problem: secret of accounts: host is missing or wrong"]],
    ["a secret under a key that the stack file does not name", { secret: ({ name }) => Promise.resolve(name.endsWith("postgresql") ? { key: "arn:key/1" } : {}) },
      ["problem: secret of accounts: campus/test/postgresql is encrypted with arn:key/1, and the stack file names no key"]],
    ["a VPC that is not there", { vpc: () => Promise.resolve(undefined) }, [`problem: VPC: there is no ${vpc} in eu-central-1`]],
    ["a subnet of another VPC", { subnetVpc: () => Promise.resolve("vpc-2") }, [`problem: subnet: subnet-0a1b2c3d4e5f60711 is in vpc-2, not in ${vpc}`]],
    ["a security group that is not there", { securityGroupVpc: () => Promise.resolve(undefined) },
      ["problem: security group of accounts: there is no sg-0a1b2c3d4e5f60718"]],
    ["a subnet that leads nowhere", { defaultRoute: () => Promise.resolve(undefined) }, ["problem: way out: subnet-0a1b2c3d4e5f60711 has no default route"]],
    ["a public subnet", { defaultRoute: () => Promise.resolve("igw-1") },
      ["problem: way out: subnet-0a1b2c3d4e5f60711 leads to igw-1, where a function has no address of its own"]],
    ["a layer for another architecture", { layerArchitectures: () => Promise.resolve(["arm64"]) },
      ["problem: tools layer: arn:aws:lambda:eu-central-1:123456789012:layer:upkeep-tools:1 is for arm64"]],
    ["a bucket that is not there", { bucketExists: () => Promise.resolve(false) }, ["problem: bucket of uploads: there is no bucket campus-test-uploads"]],
    ["few functions at one time", { concurrency: () => Promise.resolve(4) }, ["problem: functions at one time: 4 may run, 5 are needed"]],
    ["a schedule that somebody stopped", { scheduleState: (name) => Promise.resolve(name.includes("uploads") ? "DISABLED" : "ENABLED") },
      ["problem: schedules: not running: campus-test-uploads-backup (disabled)"]],
    ["a person who never confirmed", { topic: () => Promise.resolve({ tags: ours, subscriptions: people.map((one, index) => ({ ...one, confirmed: index > 0 })) }) },
      ["problem: P0 is told: not confirmed: oncall", "problem: P1 is told: not confirmed: oncall"]],
    ["a person whom AWS dropped", { topic: () => Promise.resolve({ tags: ours, subscriptions: people.slice(1) }) },
      ["problem: P0 is told: not subscribed: oncall", "problem: P1 is told: not subscribed: oncall"]],
    ["a source without a backup", { newestBackup: ({ source }) => Promise.resolve(source === "uploads" ? undefined : hoursAgo(3)) },
      ["problem: newest backup of uploads: there is none"]],
    ["a backup that is too old", { newestBackup: ({ source }) => Promise.resolve(hoursAgo(source === "uploads" ? 60 : 3)) },
      ["problem: newest backup of uploads: 60.0 hours old, more than 27"]],
    ["an alarm", { raisedAlarms: () => Promise.resolve(["campus-test-evidence-silent"]) }, ["problem: alarms: raised: campus-test-evidence-silent"]],
    ["what it may not see", { vpc: denied }, ["unknown: VPC: could not look: not authorized to perform: ec2:DescribeVpcs"]],
  ])("tells of %s", async (_, answers, expected) => {
    expect(await amiss(answers)).toEqual(expected);
  });

  it("has a way out for everything that is not well", async () => {
    const findings = await found({ vpc: denied, secret: () => Promise.resolve(undefined), concurrency: () => Promise.resolve(0) });
    for (const { state, wayOut } of findings) expect(state === "ok").toBe(wayOut === undefined);
  });

  it("before the first update the names are free, and what comes after it is said to be unseen", async () => {
    const findings = await found({ lambda: () => Promise.resolve(undefined), topic: () => Promise.resolve(undefined) });
    expect(findings.slice(-3).map(({ state, check, found: what }) => [state, check, what])).toEqual([
      ["ok", "names", "9 are free"],
      ["ok", "functions at one time", "1000 may run, 5 are needed"],
      ["unknown", "deployed", "not yet: subscriptions, schedules, backups and alarms were not looked at"],
    ]);
  });

  it("tells of names that others have, and takes their function for nobody's evidence", async () => {
    const others = { "upkeep:system": "campus", "upkeep:stack": "other" };
    const findings = await amiss({ lambda: (name) => Promise.resolve(name.includes("evidence") ? { tags: others, environment: {} } : undefined), topic: () => Promise.resolve(undefined) });
    expect(findings).toEqual(["problem: names: taken by others: function campus-test-evidence", expect.stringMatching(/^unknown: deployed/)]);
  });

  it("asks a stranger's account nothing else", async () => {
    const account = accountThat({ number: () => Promise.resolve("999999999999") });
    expect(await examine({ ...subject, account })).toEqual([expect.objectContaining({ state: "problem", found: "account 999999999999, the stack file says 123456789012" })]);
  });

  it("without credentials says how to get some, and asks nothing else", async () => {
    const account = accountThat({ number: () => Promise.reject(new Error("Could not load credentials from any providers")) });
    const [finding, ...others] = await examine({ ...subject, account });
    expect(finding).toMatchObject({ state: "problem", found: expect.stringContaining("Could not load credentials") as string, wayOut: expect.stringContaining("aws sso login") as string });
    expect(others).toEqual([]);
  });

  it("an account that never answers is given up", async () => {
    await expect(within(() => new Promise(() => undefined), 20)).rejects.toThrow("Expected an answer within 0.02 s, got none.");
  });
});
