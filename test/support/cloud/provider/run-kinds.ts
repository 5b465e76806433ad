import { CreateLogGroupCommand, DeleteLogGroupCommand, DescribeLogStreamsCommand, PutRetentionPolicyCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateFunctionCommand, DeleteFunctionCommand, GetFunctionCommand, type Runtime, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { CreateScheduleCommand, DeleteScheduleCommand, GetScheduleCommand, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { CreateStateMachineCommand, DeleteStateMachineCommand, DescribeStateMachineCommand } from "@aws-sdk/client-sfn";
import type { LogGroupArgs } from "@pulumi/aws/cloudwatch/logGroup.js";
import type { FunctionArgs } from "@pulumi/aws/lambda/function.js";
import type { ScheduleArgs } from "@pulumi/aws/scheduler/schedule.js";
import type { StateMachineArgs } from "@pulumi/aws/sfn/stateMachine.js";
import type { Unwrap } from "@pulumi/pulumi";
import { zipOf } from "./archive.ts";
import type { Clients } from "./clients.ts";
import { type AnyKind, given, kind, present } from "./kind.ts";

export interface RunSettings {
  /** Where the paths of assets begin. */
  readonly project: string;
  /** What every function gets besides its own variables: the emulator mounts no layer and has no AWS around it. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A function is active within a second; a busy machine gets thirty times that. */
const ACTIVE_LIMIT_SECONDS = 30;

/** What runs, and what starts it. */
export const runKinds = ({ lambda, logs, scheduler, sfn }: Clients, { project, environment }: RunSettings): Readonly<Record<string, AnyKind>> => ({
  "aws:cloudwatch/logGroup:LogGroup": kind<LogGroupArgs>({
    create: async ({ name, retentionInDays, tags }) => {
      const logGroupName = present(name, "the name of a log group");
      await logs.send(new CreateLogGroupCommand({ logGroupName, tags }));
      await logs.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
      return { id: logGroupName, outputs: { arn: `arn:aws:logs:${await logs.config.region()}:000000000000:log-group:${logGroupName}` } };
    },
    read: (id) => logs.send(new DescribeLogStreamsCommand({ logGroupName: id })),
    delete: (id) => logs.send(new DeleteLogGroupCommand({ logGroupName: id })),
    absent: ["ResourceNotFoundException"],
  }),

  // Layers and networks are left out: the emulator runs a function as a process of this machine.
  "aws:lambda/function:Function": kind<FunctionArgs>({
    create: async ({ name, code, handler, role, runtime, memorySize, timeout, environment: own, tags }) => {
      const FunctionName = present(name, "the name of a function");
      const made = await lambda.send(new CreateFunctionCommand({
        FunctionName, Role: role, Handler: handler, Runtime: runtime as Runtime, MemorySize: memorySize, Timeout: timeout,
        Code: { ZipFile: zipOf(code, project) },
        Environment: { Variables: { ...own?.variables, ...environment } }, Tags: tags,
      }));
      await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: ACTIVE_LIMIT_SECONDS, minDelay: 1 }, { FunctionName });
      return { id: FunctionName, outputs: { arn: given(made.FunctionArn, "the ARN of a function") } };
    },
    read: (id) => lambda.send(new GetFunctionCommand({ FunctionName: id })),
    delete: (id) => lambda.send(new DeleteFunctionCommand({ FunctionName: id })),
    absent: ["ResourceNotFoundException"],
  }),

  "aws:sfn/stateMachine:StateMachine": kind<StateMachineArgs>({
    create: async ({ name, definition, roleArn, loggingConfiguration, tags = {} }) => {
      const { level, includeExecutionData, logDestination } = present(loggingConfiguration, "where a state machine writes its log");
      const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({
        name: present(name, "the name of a state machine"), definition, roleArn,
        tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
        loggingConfiguration: { level: level as "ALL", includeExecutionData, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: logDestination } }] },
      }));
      const arn = given(stateMachineArn, "the ARN of a state machine");
      return { id: arn, outputs: { arn } };
    },
    read: (id) => sfn.send(new DescribeStateMachineCommand({ stateMachineArn: id })),
    delete: (id) => sfn.send(new DeleteStateMachineCommand({ stateMachineArn: id })),
    absent: ["StateMachineDoesNotExist"],
  }),

  "aws:scheduler/schedule:Schedule": kind<ScheduleArgs>({
    create: async (inputs) => {
      const schedule = scheduleOf(inputs);
      const { ScheduleArn } = await scheduler.send(new CreateScheduleCommand(schedule));
      return { id: `default/${schedule.Name}`, outputs: { arn: given(ScheduleArn, "the ARN of a schedule") } };
    },
    update: async (id, inputs) => {
      const { ScheduleArn } = await scheduler.send(new UpdateScheduleCommand(scheduleOf(inputs)));
      return { id, outputs: { arn: given(ScheduleArn, "the ARN of a schedule") } };
    },
    read: (_, { name }) => scheduler.send(new GetScheduleCommand({ Name: name })),
    delete: (_, { name }) => scheduler.send(new DeleteScheduleCommand({ Name: name })),
    absent: ["ResourceNotFoundException"],
  }),
});

const scheduleOf = ({ name, scheduleExpression, scheduleExpressionTimezone, target }: Unwrap<ScheduleArgs>) => ({
  Name: present(name, "the name of a schedule"),
  ScheduleExpression: scheduleExpression,
  ScheduleExpressionTimezone: scheduleExpressionTimezone,
  FlexibleTimeWindow: { Mode: "OFF" as const },
  Target: { Arn: target.arn, RoleArn: target.roleArn, Input: target.input, DeadLetterConfig: { Arn: target.deadLetterConfig?.arn } },
});
