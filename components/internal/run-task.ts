import { interpolate, type Input } from "@pulumi/pulumi";
import { scheduledTimeVariable } from "../../practice/contract/runner.ts";
import { TASK_START_SECONDS } from "../../practice/plan/runner.ts";
import type { Tasks } from "../tasks.ts";
import { arn } from "./arn.ts";
import type { HandlerFunctionArgs } from "./handler-function.ts";
import type { Statement } from "./role.ts";
import type { Scope } from "./scope.ts";
import { type DefinedTask, MAIN_CONTAINER } from "./task-definition.ts";

export interface RunTaskArgs {
  readonly scope: Scope;
  readonly tasks: Tasks;
  readonly task: DefinedTask;
  readonly vpc: NonNullable<HandlerFunctionArgs["vpc"]>;
  readonly timeoutSeconds: number;
  /** A task that failed is started once more this much later. */
  readonly retryAfterSeconds: number;
}

/** By it Step Functions hears of a task's end (AWS: integrate Step Functions with ECS). */
const END_OF_TASK_RULE = "rule/StepFunctionsGetEventsForECSTaskRule";

/** A state that runs a task to its end, without what comes after it. Its input, which holds `scheduledTime`, is its output. */
export const runTask = ({ scope, tasks, task, vpc, timeoutSeconds, retryAfterSeconds }: RunTaskArgs) => ({
  Type: "Task",
  Resource: `arn:${scope.partition}:states:::ecs:runTask.sync`,
  Parameters: {
    Cluster: tasks.clusterArn,
    TaskDefinition: task.definition.arn,
    LaunchType: "FARGATE",
    PropagateTags: "TASK_DEFINITION",
    NetworkConfiguration: {
      AwsvpcConfiguration: { Subnets: vpc.subnetIds, SecurityGroups: [vpc.securityGroupId], AssignPublicIp: "DISABLED" },
    },
    Overrides: {
      ContainerOverrides: [{ Name: MAIN_CONTAINER, Environment: [{ Name: scheduledTimeVariable, "Value.$": "$.scheduledTime" }] }],
    },
  },
  // What ECS tells of a task is long, and nothing of it is asked for later.
  ResultPath: null,
  TimeoutSeconds: TASK_START_SECONDS + timeoutSeconds,
  Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: retryAfterSeconds, MaxAttempts: 1 }],
});

/** What the state machine's role needs for that: this definition in this cluster, and nothing that a task could not do itself. */
export function runTaskStatements({ scope, tasks, task }: Pick<RunTaskArgs, "scope" | "tasks" | "task">): readonly Statement[] {
  const running: Input<string> = arn(scope, "ecs", interpolate`task/${tasks.clusterName}/*`);
  return [
    { actions: ["ecs:RunTask"], resources: [task.definition.arn], condition: { ArnEquals: { "ecs:cluster": tasks.clusterArn } } },
    { actions: ["ecs:StopTask", "ecs:DescribeTasks"], resources: [running] },
    { actions: ["ecs:TagResource"], resources: [running], condition: { StringEquals: { "ecs:CreateAction": "RunTask" } } },
    { actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"], resources: [arn(scope, "events", END_OF_TASK_RULE)] },
    {
      actions: ["iam:PassRole"], resources: [task.role.arn, tasks.executionRoleArn],
      condition: { StringEquals: { "iam:PassedToService": "ecs-tasks.amazonaws.com" } },
    },
  ];
}
