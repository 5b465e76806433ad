import { beforeAll, describe, expect, it } from "vitest";
import type { Account } from "../../../cli/doctor/account.ts";
import { within } from "../../../cli/doctor/within.ts";
import { daily } from "../../support/campus.ts";
import { accountThat, denied, type Doctor, doctorOf, hoursAgo, namesAsked, nothing, notYet, people, vpc } from "../../support/doctor.ts";

describe("upkeep doctor", () => {
  let doctor: Doctor;
  beforeAll(async () => {
    doctor = await doctorOf();
  });

  it("finds nothing amiss in a stack that is as it should be, and looks at all of it", async () => {
    const findings = await doctor.found();
    expect(findings.filter(({ state }) => state !== "ok")).toEqual([]);
    expect(findings.map(({ check }) => check)).toEqual([
      "credentials", "secret of accounts", "secret of catalogue", "VPC", "subnet", "security group of accounts", "route table", "way out",
      "tools layer", "bucket of uploads", "second region", ...namesAsked, "functions at one time", "deployed", "store in eu-central-1", "store in eu-west-1", "P0 is told", "P1 is told", "P2 is told", "P3 is told",
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
    ["a bucket that is not there", { bucketExists: (name) => Promise.resolve(name !== "campus-test-uploads") }, ["problem: bucket of uploads: there is no bucket campus-test-uploads"]],
    ["few functions at one time", { concurrency: () => Promise.resolve(4) }, ["problem: functions at one time: 4 may run, 8 are needed"]],
    ["a schedule that somebody stopped", { scheduleState: (name) => Promise.resolve(name.includes("uploads") ? "DISABLED" : "ENABLED") },
      ["problem: schedules: not running: campus-test-uploads-sums (disabled), campus-test-uploads-decode (disabled), campus-test-uploads-backup (disabled)"]],
    ["a person who never confirmed", { subscriptions: () => Promise.resolve(people.map((one, index) => ({ ...one, confirmed: index > 0 }))) },
      ["problem: P0 is told: not confirmed: oncall", "problem: P1 is told: not confirmed: oncall"]],
    ["a person whom AWS dropped", { subscriptions: () => Promise.resolve(people.slice(1)) },
      ["problem: P0 is told: not subscribed: oncall", "problem: P1 is told: not subscribed: oncall"]],
    ["a source without a backup", { newestBackup: ({ source }) => Promise.resolve(source === "uploads" ? undefined : hoursAgo(3)) },
      ["problem: newest backup of uploads: there is none"]],
    ["a backup that is too old", { newestBackup: ({ source }) => Promise.resolve(hoursAgo(source === "uploads" ? 60 : 3)) },
      ["problem: newest backup of uploads: 60.0 hours old, more than 27"]],
    ["an alarm", { raisedAlarms: () => Promise.resolve(["campus-test-evidence-silent"]) }, ["problem: alarms: raised: campus-test-evidence-silent"]],
    ["what it may not see", { vpc: denied }, ["unknown: VPC: could not look: not authorized to perform: ec2:DescribeVpcs"]],
  ])("tells of %s", async (_, answers, expected) => {
    expect(await doctor.amiss(answers)).toEqual(expected);
  });

  it("looks at the token of a repository as at the secret of a database, and at none of a public one", async () => {
    const of = (url: string, secret?: string) => ({ url, sizeGiB: 1, backup: { schedule: daily(), keepDays: 30 }, verify: {}, ...(secret === undefined ? {} : { secret }) });
    const other = await doctorOf({ repositories: { shop: of("https://github.com/acme/shop.git", "campus/test/github"), site: of("https://github.com/acme/site.git") } });
    expect((await other.found()).filter(({ check }) => check.startsWith("secret of ")).map(({ check }) => check)).toEqual(["secret of accounts", "secret of catalogue", "secret of shop"]);
    expect(await other.amiss({ secret: ({ name, of: what }) => Promise.resolve(what === "repository" && name === "campus/test/github" ? { wrong: "token is missing" } : {}) })).toEqual(["problem: secret of shop: token is missing"]);
    expect(await other.amiss({ secret: ({ of: what }) => Promise.resolve(what === "repository" ? undefined : {}) })).toEqual(["problem: secret of shop: there is no secret campus/test/github"]);
  });

  it("has a way out for everything that is not well", async () => {
    const findings = await doctor.found({ vpc: denied, secret: () => Promise.resolve(undefined), concurrency: () => Promise.resolve(0) });
    for (const { state, wayOut } of findings) expect(state === "ok").toBe(wayOut === undefined);
  });

  it("before the first update the names are free, and what comes after it is said to be unseen", async () => {
    const findings = await doctor.found({ lambda: nothing, tags: nothing });
    expect(findings.slice(-namesAsked.length - 2).map(({ state, check, found }) => [state, check, found])).toEqual([
      ...namesAsked.map((check) => ["ok", check, expect.stringMatching(/^\d+ free$/) as string]),
      ["ok", "functions at one time", "1000 may run, 8 are needed"],
      ["unknown", "deployed", notYet],
    ]);
  });

  it("asks a stranger's account nothing else", async () => {
    const account = accountThat({ number: () => Promise.resolve("999999999999") });
    expect(await doctor.examined(account)).toEqual([expect.objectContaining({ state: "problem", found: "account 999999999999, the stack file says 123456789012" })]);
  });

  it("without credentials says how to get some, and asks nothing else", async () => {
    const account = accountThat({ number: () => Promise.reject(new Error("Could not load credentials from any providers")) });
    const [finding, ...others] = await doctor.examined(account);
    expect(finding).toMatchObject({ state: "problem", found: expect.stringContaining("Could not load credentials") as string, wayOut: expect.stringContaining("aws sso login") as string });
    expect(others).toEqual([]);
  });

  it("an account that never answers is given up", async () => {
    await expect(within(() => new Promise(() => undefined), 20)).rejects.toThrow("Expected an answer within 0.02 s, got none.");
  });
});
