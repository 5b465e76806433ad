import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { expect, it } from "vitest";
import { readWatching } from "../../../../handlers/engines/configuration/read-watching.ts";

/** A client whose answers are given, command by command; a command that nobody taught it fails. */
function scripted(answers: Readonly<Record<string, (input: Readonly<Record<string, unknown>>) => object>>): CloudWatchClient {
  const client = new CloudWatchClient({ region: "eu-central-1", credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  client.middlewareStack.add((_next, { commandName = "" }) => ({ input }) => {
    const answer = answers[commandName];
    if (answer === undefined) throw new Error(`Expected a command that is taught, got ${commandName}.`);
    return Promise.resolve({ response: {}, output: { $metadata: {}, ...answer(input as Readonly<Record<string, unknown>>) } as never });
  }, { step: "initialize" });
  return client;
}

it("alarms and dashboards are read page by page, without the state that they happen to be in", async () => {
  const asked: unknown[] = [];
  const client = scripted({
    DescribeAlarmsCommand: (input) => {
      asked.push(input);
      return input["NextToken"] === undefined
        ? { MetricAlarms: [{ AlarmName: "campus-prod-a", Threshold: 3, StateValue: "ALARM", StateUpdatedTimestamp: new Date(0), AlarmConfigurationUpdatedTimestamp: new Date(0) }], NextToken: "two" }
        : { CompositeAlarms: [{ AlarmName: "campus-prod-b", AlarmRule: 'ALARM("campus-prod-a")', ActionsSuppressedBy: "Alarm" }] };
    },
    ListDashboardsCommand: (input) => {
      asked.push(input);
      return input["NextToken"] === undefined ? { DashboardEntries: [{ DashboardName: "campus-prod-c" }], NextToken: "two" } : { DashboardEntries: [{ DashboardName: "campus-prod-d" }] };
    },
    GetDashboardCommand: ({ DashboardName }) => ({ DashboardBody: `body of ${String(DashboardName)}` }),
  });
  await expect(readWatching(client, "campus-prod-", new AbortController().signal)).resolves.toEqual([
    { kind: "alarm", name: "campus-prod-a", definition: { AlarmName: "campus-prod-a", Threshold: 3 } },
    { kind: "composite-alarm", name: "campus-prod-b", definition: { AlarmName: "campus-prod-b", AlarmRule: 'ALARM("campus-prod-a")' } },
    { kind: "dashboard", name: "campus-prod-c", definition: { DashboardBody: "body of campus-prod-c" } },
    { kind: "dashboard", name: "campus-prod-d", definition: { DashboardBody: "body of campus-prod-d" } },
  ]);
  expect(asked).toMatchObject([
    { AlarmNamePrefix: "campus-prod-", AlarmTypes: ["MetricAlarm", "CompositeAlarm"] }, { NextToken: "two" }, { DashboardNamePrefix: "campus-prod-" }, { NextToken: "two" },
  ]);
});
