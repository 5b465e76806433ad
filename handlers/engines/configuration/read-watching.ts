import {
  type CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand, ListDashboardsCommand, type CompositeAlarm, type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import type { ConfigurationItem } from "./item.ts";

/** Alarms of both types and dashboards whose names begin so. */
export async function readWatching(cloudWatch: CloudWatchClient, prefix: string, abortSignal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  return [...await readAlarms(cloudWatch, prefix, abortSignal), ...await readDashboards(cloudWatch, prefix, abortSignal)];
}

async function readAlarms(cloudWatch: CloudWatchClient, prefix: string, abortSignal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  const found: ConfigurationItem[] = [];
  let token: string | undefined;
  do {
    const page = await cloudWatch.send(new DescribeAlarmsCommand({
      AlarmNamePrefix: prefix, AlarmTypes: ["MetricAlarm", "CompositeAlarm"], ...(token === undefined ? {} : { NextToken: token }),
    }), { abortSignal });
    for (const alarm of page.MetricAlarms ?? []) found.push({ kind: "alarm", name: named(alarm), definition: standing(alarm) });
    for (const alarm of page.CompositeAlarms ?? []) found.push({ kind: "composite-alarm", name: named(alarm), definition: standing(alarm) });
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return found;
}

const named = ({ AlarmName }: MetricAlarm | CompositeAlarm): string => {
  if (AlarmName === undefined) throw new Error("Expected CloudWatch to name each alarm, it did not.");
  return AlarmName;
};

/** Whether it is raised at the moment, and since when, is no part of its definition. */
const standing = (alarm: MetricAlarm | CompositeAlarm): object =>
  Object.fromEntries(Object.entries(alarm).filter(([key]) => !/^(State|EvaluationState|ActionsSuppressed|AlarmConfigurationUpdated)/.test(key)));

async function readDashboards(cloudWatch: CloudWatchClient, prefix: string, abortSignal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  const found: ConfigurationItem[] = [];
  let token: string | undefined;
  do {
    const page = await cloudWatch.send(new ListDashboardsCommand({ DashboardNamePrefix: prefix, ...(token === undefined ? {} : { NextToken: token }) }), { abortSignal });
    for (const { DashboardName } of page.DashboardEntries ?? []) {
      const { DashboardBody } = await cloudWatch.send(new GetDashboardCommand({ DashboardName }), { abortSignal });
      found.push({ kind: "dashboard", name: String(DashboardName), definition: { DashboardBody } });
    }
    token = page.NextToken;
  } while (token !== undefined && token !== "");
  return found;
}
