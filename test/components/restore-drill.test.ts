import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { BackupStore } from "../../components/backup-store.ts";
import { HandlerNetwork } from "../../components/handler-network.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import { scratchServer } from "../../components/internal/scratch-server.ts";
import { RestoreDrill } from "../../components/restore-drill.ts";
import type { Tasks } from "../../components/tasks.ts";
import { scratchPorts } from "../../practice/contract/scratch.ts";
import { campus, daily, entryOf, monthly, planFor } from "../support/campus.ts";
import { fargate } from "../support/fargate.ts";
import { previewed } from "../support/preview.ts";
import { networkDatabase } from "../support/settings.ts";

const databases = { accounts: networkDatabase("postgresql", { backup: { schedule: daily(), keepDays: 35 }, sizeGiB: 40, verify: { restore: monthly, smoke: "select count(*) from users" } }) };
const plan = planFor({ system: { ...campus().system, fargate }, databases, files: {} });
const scope = scopeOf(plan);

const key = output("arn:aws:kms:eu-central-1:123456789012:key/1");
const store = {
  primary: { region: "eu-central-1", bucketName: output("campus-backups"), bucketArn: output("arn:aws:s3:::campus-backups"), keyArn: key },
} as unknown as BackupStore;
const tasks = {
  entry: entryOf(plan, "tasks"), code: [], clusterArn: output("arn:aws:ecs:eu-central-1:123456789012:cluster/campus-test-tasks"), clusterName: output("campus-test-tasks"),
  executionRoleArn: output("arn:aws:iam::123456789012:role/start"), logGroupName: output("/aws/ecs/campus-test-tasks"),
} as unknown as Tasks;
const network = { subnetIds: ["subnet-1"], securityGroupId: output("sg-databases"), drillSecurityGroupId: output("sg-drills") } as unknown as HandlerNetwork;

const verification = { functionArn: output("arn:aws:lambda:eu-central-1:123456789012:function:campus-test-accounts-verify") };

const declared = () => previewed(() => new RestoreDrill("campus-accounts-drill", { scope, entry: entryOf(plan, "drill"), store, network, tasks, verification }));

interface Container {
  readonly name: string;
  readonly image: string;
  readonly essential: boolean;
  readonly readonlyRootFilesystem: boolean;
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
  readonly mountPoints: readonly { readonly sourceVolume: string; readonly containerPath: string }[];
}

const containersOf = async (): Promise<readonly Container[]> => {
  const { byName } = await declared();
  return JSON.parse(byName("campus-accounts-drill", TaskDefinition).inputs.containerDefinitions as string) as readonly Container[];
};

describe("RestoreDrill", () => {
  it("is started on its schedule with the schedule's own time, and what could not be started is kept", async () => {
    const { byName, byType } = await declared();
    const { inputs } = byName("campus-accounts-drill", Schedule);
    expect(inputs).toMatchObject({ name: "campus-test-accounts-drill", scheduleExpression: monthly.expression, scheduleExpressionTimezone: "Europe/Berlin" });
    expect(JSON.parse((inputs.target as { readonly input: string }).input)).toEqual({ scheduledTime: "<aws.scheduler.scheduled-time>" });
    expect(byName("campus-accounts-drill", Queue).inputs.name).toBe("campus-test-accounts-drill");
    expect(byName("campus-accounts-drill", StateMachine).inputs.name).toBe("campus-test-accounts-drill");
    expect(byType(Role).map(({ name }) => name).toSorted()).toEqual(["campus-accounts-drill-flow", "campus-accounts-drill-run", "campus-accounts-drill-task"]);
  });

  it("runs an empty server of the official image beside the program, on the task's own localhost", async () => {
    const containers = await containersOf();
    expect(containers.map(({ name, image }) => [name, image])).toEqual([["code", fargate.images.awsCli], ["scratch", fargate.images.postgresql], ["task", fargate.images.node]]);
    const scratch = containers[1];
    expect(scratch?.command).toEqual(expect.arrayContaining(["listen_addresses=127.0.0.1", `port=${scratchPorts.postgresql}`]));
    expect(scratch?.essential).toBe(false);
    // It goes on as a user of its own, to whom a volume of Fargate's at /tmp would be closed: it keeps the one of its image.
    expect(containers.map(({ readonlyRootFilesystem }) => readonlyRootFilesystem)).toEqual([true, false, true]);
    expect(scratch?.mountPoints.map(({ containerPath }) => containerPath)).toEqual(["/scratch"]);
  });

  it("tells the program whose backup it restores and into which port, and nobody a password", async () => {
    const containers = await containersOf();
    const variables = (index: number) => Object.fromEntries((containers[index]?.environment ?? []).map(({ name, value }) => [name, value]));
    expect(variables(2)).toEqual({
      UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "test", UPKEEP_STORE_BUCKET: "campus-backups", UPKEEP_SOURCE: "accounts", UPKEEP_ENGINE: "postgresql",
      UPKEEP_PORT: String(scratchPorts.postgresql), UPKEEP_SMOKE: "select count(*) from users", AWS_REGION: "eu-central-1",
    });
    expect(variables(1)).toEqual({ POSTGRES_USER: "postgres", POSTGRES_HOST_AUTH_METHOD: "trust", PGDATA: "/scratch/data" });
    expect(JSON.stringify(containers)).not.toMatch(/password|secret/i);
  });

  it("may read the store and write its source's evidence, and read no secret", async () => {
    const { byName } = await declared();
    const { Statement } = byName("campus-accounts-drill-task", RolePolicy).inputs.policy as { Statement: readonly { Action: readonly string[]; Resource: readonly string[] }[] };
    expect(Statement.filter(({ Action }) => Action.includes("s3:PutObject")).map(({ Resource }) => Resource)).toEqual([["arn:aws:s3:::campus-backups/campus/evidence/accounts/*"]]);
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.startsWith("secretsmanager:"))).toEqual([]);
  });

  it("has the room that its size takes", async () => {
    const { byName } = await declared();
    expect(byName("campus-accounts-drill", TaskDefinition).inputs.ephemeralStorage).toEqual({ sizeInGib: 90 });
  });

  it("needs a network with a group for drills", async () => {
    const { drillSecurityGroupId: _, ...without } = network;
    await expect(previewed(() => new RestoreDrill("drill", { scope, entry: entryOf(plan, "drill"), store, network: without as unknown as HandlerNetwork, tasks, verification })))
      .rejects.toThrow("Expected a network with a group for the restore drill of accounts, got one without");
  });
});

describe("the network of a drill", () => {
  it("is a group that reaches AWS's services and no database", async () => {
    const { byName, byType } = await previewed(() => new HandlerNetwork("network", { scope, entry: entryOf(plan, "network") }));
    expect(byName("network-drills", SecurityGroup).inputs.name).toBe("campus-test-upkeep-drills");
    expect(byName("network-drills", SecurityGroupEgressRule).inputs).toMatchObject({ fromPort: 443, toPort: 443 });
    // The database lets in the other group alone.
    expect(byType(SecurityGroupIngressRule)).toHaveLength(1);
    expect(byType(SecurityGroup)).toHaveLength(2);
  });

  it("is not declared where nothing is drilled", async () => {
    const { byType } = await previewed(() => new HandlerNetwork("network", { scope, entry: { ...entryOf(plan, "network"), drills: false } }));
    expect(byType(SecurityGroup)).toHaveLength(1);
  });
});

describe("the servers of the other engines", () => {
  const task = { cpuUnits: 2048, memoryMegabytes: 8192, timeoutSeconds: 1800 };

  it("listen on localhost, ask nobody who he is, and leave memory for the program beside them", () => {
    const mongodb = scratchServer({ engine: "mongodb", image: "mongo", task });
    expect(mongodb.command).toEqual(["mongod", "--bind_ip", "127.0.0.1", "--port", String(scratchPorts.mongodb), "--wiredTigerCacheSizeGB", "2"]);
    const redis = scratchServer({ engine: "redis", image: "redis", task });
    expect(redis.command).toEqual(["redis-server", "--bind", "127.0.0.1", "--port", String(scratchPorts.redis), "--save", "", "--appendonly", "no"]);
    expect([mongodb.environment, redis.environment]).toEqual([undefined, undefined]);
  });
});
