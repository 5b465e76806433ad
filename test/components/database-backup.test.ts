import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { describe, expect, it } from "vitest";
import { BackupStore } from "../../components/backup-store.ts";
import { DatabaseBackup } from "../../components/database-backup.ts";
import { HandlerNetwork } from "../../components/handler-network.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import type { Settings } from "../../practice/config/settings.ts";
import { backupDatabaseGrants } from "../../practice/contract/permissions.ts";
import { campus, daily, entryOf, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";
import { networkDatabase } from "../support/settings.ts";

const backupOf = (source: string, parts: Partial<Settings> = {}) => {
  const plan = planFor(parts);
  const scope = scopeOf(plan);
  return previewed(() => {
    const store = new BackupStore("store", { scope, entry: entryOf(plan, "store") });
    const network = new HandlerNetwork("network", { scope, entry: entryOf(plan, "network") });
    return new DatabaseBackup("campus", { scope, store, network, entry: entryOf(plan, "database-backup", source) });
  });
};

interface Statement { readonly Action: readonly string[]; readonly Resource: readonly unknown[] }

const statements = (policy: { inputs: Readonly<Record<string, unknown>> }): readonly Statement[] =>
  (policy.inputs.policy as { Statement: readonly Statement[] }).Statement;

describe("DatabaseBackup", () => {
  it("runs at the schedule's time, in its zone, with the schedule's own time as the run's name", async () => {
    const { byType, byName } = await backupOf("accounts");
    const [schedule] = byType(Schedule);
    expect(schedule?.inputs).toMatchObject({
      scheduleExpression: "cron(30 1 * * ? *)", scheduleExpressionTimezone: "Europe/Berlin", flexibleTimeWindow: { mode: "OFF" },
      target: { input: '{"scheduledTime":"<aws.scheduler.scheduled-time>"}' },
    });
    expect(schedule?.propertyDependencies.target).toEqual(expect.arrayContaining([byName("campus", StateMachine).urn, byName("campus", Queue).urn]));
  });

  it("gives the function exactly what its handler declares, its log and its network", async () => {
    const { byName } = await backupOf("accounts");
    const allowed = statements(byName("campus", RolePolicy)).flatMap(({ Action }) => Action).toSorted();
    const declared = backupDatabaseGrants.filter(({ on }) => on !== "secret-key").flatMap(({ actions }) => actions);
    expect(allowed).toEqual([
      ...declared, "logs:CreateLogStream", "logs:PutLogEvents",
      "ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets", "ec2:DeleteNetworkInterface",
      "ec2:AssignPrivateIpAddresses", "ec2:UnassignPrivateIpAddresses",
    ].toSorted());
  });

  it("names the secret, its key and nothing else", async () => {
    const key = "arn:aws:kms:eu-central-1:123456789012:key/1234";
    const { accounts } = campus().databases;
    if (accounts?.engine !== "postgresql") throw new Error("Expected a PostgreSQL database.");
    const { byName } = await backupOf("accounts", { databases: { accounts: { ...accounts, secretKey: key } } });
    const reads = (action: string) => statements(byName("campus", RolePolicy)).filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
    expect(reads("secretsmanager:GetSecretValue")).toEqual(["arn:aws:secretsmanager:eu-central-1:123456789012:secret:campus/test/postgresql-??????"]);
    expect(reads("kms:Decrypt")).toContain(key);
  });

  it("creates its log groups first, with an end", async () => {
    const { byType, byName } = await backupOf("accounts");
    expect(byType(LogGroup).map(({ inputs }) => inputs.retentionInDays)).toEqual([90, 90]);
    expect(byName("campus", LambdaFunction).propertyDependencies.loggingConfig).toEqual([byName("campus", LogGroup).urn]);
  });

  it("waits for the role's policy before the function exists", async () => {
    const { byName } = await backupOf("accounts");
    expect(byName("campus", LambdaFunction).options.dependsOn).toContain(byName("campus", RolePolicy).urn);
  });

  it("keeps the secret's value out of the environment", async () => {
    const { byName } = await backupOf("accounts");
    const { environment } = byName("campus", LambdaFunction).inputs;
    expect(Object.keys((environment as { variables: object }).variables).toSorted()).toEqual([
      "UPKEEP_DATABASE", "UPKEEP_ENGINE", "UPKEEP_PORT", "UPKEEP_SECRET", "UPKEEP_SIZE_GIB", "UPKEEP_SOURCE", "UPKEEP_STACK", "UPKEEP_STORE_BUCKET", "UPKEEP_SYSTEM",
    ]);
  });

  it("tells the function the host where the secret has none", async () => {
    const { accounts } = campus().databases;
    if (accounts?.engine !== "postgresql") throw new Error("Expected a PostgreSQL database.");
    const { byName } = await backupOf("accounts", { databases: { accounts: { ...accounts, host: "db.example" } } });
    expect((byName("campus", LambdaFunction).inputs.environment as { variables: object }).variables).toMatchObject({ UPKEEP_HOST: "db.example" });
  });

  it("tells the function of an export what it is of, and nobody else's", async () => {
    const of = { databases: { accounts: networkDatabase("postgresql", { backup: { schedule: daily(), keepDays: 30 }, export: { of: [{ name: "users" }], schedule: daily(50), keepDays: 30 } }) } };
    const variables = async (source: string) => ((await backupOf(source, of)).byName("campus", LambdaFunction).inputs.environment as { variables: object }).variables;
    expect(await variables("accounts-export")).toMatchObject({ UPKEEP_ENGINE: "postgresql-export", UPKEEP_EXPORTS: '[{"name":"public.users"}]', UPKEEP_SECRET: "campus/test/postgresql" });
    expect(await variables("accounts")).not.toHaveProperty("UPKEEP_EXPORTS");
  });

  it("tells the function whether counts and hashes are taken, where the stack file says", async () => {
    const variables = async (content: { readonly content?: "off" }) => {
      const databases = { accounts: networkDatabase("postgresql", { backup: { schedule: daily(), keepDays: 30, ...content } }) };
      return ((await backupOf("accounts", { databases })).byName("campus", LambdaFunction).inputs.environment as { variables: object }).variables;
    };
    expect(await variables({ content: "off" })).toMatchObject({ UPKEEP_CONTENT: "off" });
    expect(await variables({})).not.toHaveProperty("UPKEEP_CONTENT");
  });

  it("registers its entry, so the plan can be read from the stack", async () => {
    const { byType } = await backupOf("accounts");
    expect(byType(DatabaseBackup.type)[0]?.inputs.entry).toMatchObject({ kind: "database-backup", source: "accounts", carries: ["backup.postgresql.daily"] });
  });

  it("tells a function that dumps a Redis which one, and where", async () => {
    const sessions = networkDatabase("redis", { database: "0", backup: { schedule: daily(), keepDays: 7 } });
    const { byName } = await backupOf("sessions", { databases: { sessions } });
    expect(byName("campus", LambdaFunction).inputs["environment"]).toMatchObject({
      variables: { UPKEEP_ENGINE: "redis", UPKEEP_DATABASE: "0", UPKEEP_PORT: "6379", UPKEEP_SECRET: "campus/test/redis" },
    });
  });
});
