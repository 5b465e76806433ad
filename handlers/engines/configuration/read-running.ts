import { type LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { GetScheduleCommand, ListSchedulesCommand, type SchedulerClient } from "@aws-sdk/client-scheduler";
import { DescribeStateMachineCommand, ListStateMachinesCommand, type SFNClient } from "@aws-sdk/client-sfn";
import type { ConfigurationItem } from "./item.ts";

export async function readSchedules(scheduler: SchedulerClient, prefix: string, abortSignal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  const found: ConfigurationItem[] = [];
  let token: string | undefined;
  do {
    const page = await scheduler.send(new ListSchedulesCommand({ NamePrefix: prefix, ...(token === undefined ? {} : { NextToken: token }) }), { abortSignal });
    for (const { Name, GroupName } of page.Schedules ?? []) {
      const { ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow, State, StartDate, EndDate, Target, KmsKeyArn, Description } =
        await scheduler.send(new GetScheduleCommand({ Name, GroupName }), { abortSignal });
      found.push({
        kind: "schedule", name: String(Name),
        definition: { GroupName, ScheduleExpression, ScheduleExpressionTimezone, FlexibleTimeWindow, State, StartDate, EndDate, Target, KmsKeyArn, Description },
      });
    }
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return found;
}

/** Step Functions lists by no name: those of others are passed over, and nothing more is asked of them. */
export async function readStateMachines(machines: SFNClient, prefix: string, abortSignal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  const found: ConfigurationItem[] = [];
  let token: string | undefined;
  do {
    const page = await machines.send(new ListStateMachinesCommand(token === undefined ? {} : { nextToken: token }), { abortSignal });
    for (const { name = "", stateMachineArn } of (page.stateMachines ?? []).filter((machine) => machine.name?.startsWith(prefix))) {
      const { definition, roleArn, type, loggingConfiguration, tracingConfiguration } = await machines.send(new DescribeStateMachineCommand({ stateMachineArn }), { abortSignal });
      found.push({ kind: "state-machine", name, definition: { definition, roleArn, type, loggingConfiguration, tracingConfiguration } });
    }
    token = page.nextToken;
  } while (token !== undefined && token !== "");
  return found;
}

/** Their settings with the ARNs of their layers; the code is in the repository, and its hash is here. */
export async function readFunctions(lambda: LambdaClient, prefix: string, abortSignal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  const found: ConfigurationItem[] = [];
  let marker: string | undefined;
  do {
    const page = await lambda.send(new ListFunctionsCommand(marker === undefined ? {} : { Marker: marker }), { abortSignal });
    for (const { FunctionName = "", ...said } of page.Functions ?? []) {
      if (FunctionName.startsWith(prefix)) found.push({ kind: "function", name: FunctionName, definition: settled(said) });
    }
    marker = page.NextMarker;
  } while (marker !== undefined && marker !== "");
  return found;
}

/** When it was last changed, and how it fared then, is no part of its definition. */
const settled = (said: object): object => Object.fromEntries(Object.entries(said).filter(([key]) => !/^(LastModified|LastUpdate|RevisionId|State)/.test(key)));
