import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import type { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import { Maintenance } from "../../components/maintenance.ts";
import type { DefinedTask } from "../../components/internal/task-definition.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import { backupWorkflowWithTask } from "../../components/internal/workflow-with-task.ts";
import type { Tasks } from "../../components/tasks.ts";
import { resourceless } from "../../policies/internal/wildcards.ts";
import { campus, entryOf, planFor } from "../support/campus.ts";
import { fargate } from "../support/fargate.ts";
import { previewed } from "../support/preview.ts";

const plan = planFor({ system: { ...campus().system, fargate } });
const entry = entryOf(plan, "database-backup", "accounts");

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly End?: boolean;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly Parameters?: Readonly<Record<string, unknown>>;
}

/** With everything that it names there already: its text and its rights can be read. */
const machine = async () => {
  const tasks = { clusterArn: output("arn:aws:ecs:eu-central-1:123456789012:cluster/campus-test-tasks"), clusterName: output("campus-test-tasks"), executionRoleArn: output("arn:aws:iam::123456789012:role/start") };
  const task = { definition: { arn: output("arn:aws:ecs:eu-central-1:123456789012:task-definition/campus-test-accounts-backup:3") }, role: { arn: output("arn:aws:iam::123456789012:role/task") } };
  const { byName } = await previewed(() => backupWorkflowWithTask("campus-accounts", {
    scope: scopeOf(plan), stateMachineName: "campus-test-accounts-backup", entry, declared: "lambda", timeoutSeconds: 1800,
    backup: { arn: output("arn:aws:lambda:eu-central-1:123456789012:function:campus-test-accounts-backup") } as unknown as LambdaFunction,
    tasks: tasks as unknown as Tasks, task: task as unknown as DefinedTask, vpc: { subnetIds: ["subnet-1"], securityGroupId: "sg-1" },
  }, undefined as never));
  const { inputs } = byName("campus-accounts", StateMachine);
  const { StartAt, States } = JSON.parse(inputs.definition as string) as { StartAt: string; States: Readonly<Record<string, State>> };
  const { Statement } = byName("campus-accounts-workflow", RolePolicy).inputs.policy as {
    Statement: readonly { Action: readonly string[]; Resource: readonly string[]; Condition?: object }[];
  };
  return { StartAt, States, Statement };
};

describe("the state machine of a backup that a task can take over", () => {
  it("asks, chooses, runs in a function or a task, verifies whatever ran, and reports", async () => {
    const { StartAt, States } = await machine();
    const next = Object.fromEntries(Object.entries(States).map(([name, { Next, Default, Choices = [], Catch = [] }]) =>
      [name, [...Choices.map((choice) => choice.Next), ...Catch.map((caught) => caught.Next), Next, Default].filter((state) => state !== undefined)]));
    expect(StartAt).toBe("Plan");
    expect(next).toEqual({
      Plan: ["Choose"], Choose: ["Run", "Task"], Run: ["Ended", "Done"], Done: ["Escalate", "Verify"], Escalate: ["Task"], Ended: ["Task"], Task: ["Verify"], Verify: ["Report"], Report: [],
    });
  });

  it("limits each state that waits for somebody, and gives it a second attempt", async () => {
    const { States } = await machine();
    const waiting = Object.entries(States).filter(([, { Type }]) => Type === "Task");
    expect(waiting.map(([name, { TimeoutSeconds }]) => [name, TimeoutSeconds])).toEqual([["Plan", 150], ["Run", 930], ["Task", 2100], ["Verify", 330]]);
    for (const [, { Retry }] of waiting) expect(Retry).toContainEqual(expect.objectContaining({ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }));
  });

  it("does not call a function again that Lambda itself ended, for memory or time", async () => {
    const { States: { Run } } = await machine();
    const names = ["Lambda.Unknown", "Sandbox.Timedout", "Runtime.ExitError", "Runtime.OutOfMemory"];
    expect(Run?.Catch).toEqual([{ ErrorEquals: names, ResultPath: "$.ended", Next: "Ended" }]);
    const retries = Run?.Retry?.map(({ ErrorEquals, MaxAttempts }) => [ErrorEquals, MaxAttempts]).slice(-2);
    expect(retries, "the first that fits is the one that counts").toEqual([[names, 0], [["States.ALL"], 1]]);
  });

  it("tells the task the schedule's own time, and puts it into the system's network without an address of its own", async () => {
    const { States } = await machine();
    expect(States.Task?.Parameters).toMatchObject({
      LaunchType: "FARGATE",
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ["subnet-1"], SecurityGroups: ["sg-1"], AssignPublicIp: "DISABLED" } },
      Overrides: { ContainerOverrides: [{ Name: "task", Environment: [{ Name: "UPKEEP_SCHEDULED_TIME", "Value.$": "$.scheduledTime" }] }] },
    });
  });

  it("may start this definition in this cluster, hear of its end, and hand on no other role", async () => {
    const { Statement } = await machine();
    const about = (action: string) => Statement.find(({ Action }) => Action.includes(action));
    expect(about("ecs:RunTask")).toMatchObject({
      Resource: ["arn:aws:ecs:eu-central-1:123456789012:task-definition/campus-test-accounts-backup:3"],
      Condition: { ArnEquals: { "ecs:cluster": "arn:aws:ecs:eu-central-1:123456789012:cluster/campus-test-tasks" } },
    });
    expect(about("ecs:StopTask")).toMatchObject({ Resource: ["arn:aws:ecs:eu-central-1:123456789012:task/campus-test-tasks/*"] });
    expect(about("events:PutRule")).toMatchObject({ Resource: ["arn:aws:events:eu-central-1:123456789012:rule/StepFunctionsGetEventsForECSTaskRule"] });
    expect(about("iam:PassRole")).toMatchObject({
      Resource: ["arn:aws:iam::123456789012:role/task", "arn:aws:iam::123456789012:role/start"],
      Condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    });
    const nameless = Statement.filter(({ Resource }) => Resource.includes("*")).flatMap(({ Action }) => Action);
    expect(nameless.filter((action) => !(action in resourceless))).toEqual([]);
  });
});

describe("a stack with tasks", () => {
  it("gives each database a task with the environment of its function, and files none", async () => {
    const { byType, byName } = await previewed(() => new Maintenance("campus", { plan }));
    expect(new Set(byType(TaskDefinition).map(({ inputs }) => inputs.family))).toEqual(new Set(["campus-test-accounts-backup", "campus-test-catalogue-backup"]));
    const [accounts] = byType(TaskDefinition);
    expect(byName("campus-accounts", StateMachine).propertyDependencies.definition).toContain(accounts?.urn);
    expect(accounts?.options.dependsOn).toEqual(expect.arrayContaining([byName("campus-tasks-backup").urn, byName("campus-accounts-task", RolePolicy).urn]));
  });

  it("has none where nobody asked for them", async () => {
    const { byType } = await previewed(() => new Maintenance("campus", { plan: planFor() }));
    expect(byType(TaskDefinition)).toEqual([]);
    expect(byType("upkeep:run:Tasks")).toEqual([]);
  });
});
