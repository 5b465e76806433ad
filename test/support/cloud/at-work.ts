import { InvokeCommand } from "@aws-sdk/client-lambda";
import { ListObjectVersionsCommand } from "@aws-sdk/client-s3";
import { GetScheduleCommand } from "@aws-sdk/client-scheduler";
import { DescribeExecutionCommand, type DescribeExecutionCommandOutput, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "vitest";
import type { BackupOutcome } from "../../../practice/contract/events.ts";
import { backupName, scopeName } from "../../../practice/contract/names.ts";
import { runPrefix } from "../../../practice/contract/store.ts";
import type { Clients } from "./provider/clients.ts";
import { smallStack } from "./small-stack.ts";
import { within } from "./within.ts";

export const scope = { system: { name: smallStack.system }, stack: smallStack.stack };

/** To the second, as the scheduler says it. */
export const secondsAgo = (seconds: number): string => `${new Date(Date.now() - seconds * 1000).toISOString().slice(0, 19)}Z`;

const EXECUTION_LIMIT_SECONDS = 40;

/** The deployed stack, set to work from outside, as AWS and people would. */
export interface AtWork {
  /** Every version and marker of every object in the store. */
  readonly versions: () => Promise<readonly string[]>;
  readonly keysOf: (source: string, scheduledTime: string) => Promise<readonly string[]>;
  /** As the schedule would: its target, with its input, in which the scheduler puts its own time in place of the attribute. */
  readonly execute: (source: string, scheduledTime: string) => Promise<DescribeExecutionCommandOutput>;
  /** The same of a backup that succeeds. */
  readonly startBySchedule: (source: string, scheduledTime: string) => Promise<BackupOutcome>;
  readonly invoke: (name: string) => Promise<void>;
}

export function atWork({ lambda, s3, scheduler, sfn }: Clients, store: () => string): AtWork {
  const versions: AtWork["versions"] = async () => {
    const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: store() }));
    return [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => `${Key} ${VersionId}`).toSorted();
  };
  const execute: AtWork["execute"] = async (source, scheduledTime) => {
    const { Target } = await scheduler.send(new GetScheduleCommand({ Name: backupName(scope, source) }));
    expect(Target?.Input).toContain("<aws.scheduler.scheduled-time>");
    const { executionArn } = await sfn.send(new StartExecutionCommand({
      stateMachineArn: Target?.Arn, input: Target?.Input?.replace("<aws.scheduler.scheduled-time>", scheduledTime),
    }));
    return within(EXECUTION_LIMIT_SECONDS, `the backup of ${source} to end`, async () => {
      const run = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return run.status === "RUNNING" ? undefined : run;
    });
  };
  return {
    versions, execute,
    keysOf: async (source, scheduledTime) =>
      (await versions()).map((version) => version.split(" ")[0] ?? "").filter((key) => key.startsWith(runPrefix(smallStack.system, source, new Date(scheduledTime)))),
    startBySchedule: async (source, scheduledTime) => {
      const { status, output, error, cause } = await execute(source, scheduledTime);
      expect({ status, error, cause }).toEqual({ status: "SUCCEEDED", error: undefined, cause: undefined });
      return JSON.parse(output ?? "") as BackupOutcome;
    },
    invoke: async (name) => {
      const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: `${scopeName(scope)}-${name}`, Payload: "{}" }));
      expect({ FunctionError, said: FunctionError === undefined ? "" : Payload?.transformToString() }).toEqual({ FunctionError: undefined, said: "" });
    },
  };
}
