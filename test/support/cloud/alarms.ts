import { type CloudWatchClient, GetMetricStatisticsCommand, SetAlarmStateCommand } from "@aws-sdk/client-cloudwatch";
import type { CompositeAlarmArgs } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { Unwrap } from "@pulumi/pulumi";
import type { Alarm, MetricAlarm, Published } from "../../../practice/alerts/alarm.ts";
import { type Evaluated, evaluate } from "../../../practice/alerts/evaluate.ts";
import type { StateResource } from "../engine/state.ts";
import type { Clients } from "./provider/clients.ts";
import { publishedByAws } from "./published-by-aws.ts";

export interface AlarmWatch {
  /** Every alarm, as the last look had it. */
  readonly all: () => readonly Evaluated[];
  /** Evaluates by what was published until now, as if it were so much later, and has the emulator act: `name STATE`. */
  readonly look: (secondsFromNow?: number) => Promise<readonly string[]>;
  /** From now on, these are declared. */
  readonly declare: (resources: readonly StateResource[]) => void;
}

/** CloudWatch's own part: the emulator keeps metrics and performs actions, and knows few of the rules between them. */
export function watchAlarms(clients: Clients): AlarmWatch {
  let alarms: readonly Alarm[] = [];
  let evaluated: readonly Evaluated[] = [];
  return {
    all: () => evaluated,
    declare: (resources) => {
      alarms = declaredAlarms(resources);
    },
    look: async (secondsFromNow = 0) => {
      const published = [...await publishedFor(clients.cloudWatch, alarms), ...await publishedByAws(clients, alarms)];
      evaluated = evaluate({ alarms, published, now: new Date(Date.now() + secondsFromNow * 1000), before: evaluated });
      return performActions(clients.cloudWatch, alarms, evaluated);
    },
  };
}

/** A measured alarm of ours leaves nothing to AWS's defaults. */
type AllGiven<Args> = { readonly [Property in keyof Args]-?: NonNullable<Args[Property]> };

/** The alarms that a stack has declared, as its state holds them. */
export function declaredAlarms(resources: readonly Pick<StateResource, "type" | "outputs">[]): readonly Alarm[] {
  return resources.flatMap(({ type, outputs }): readonly Alarm[] => {
    if (type === "aws:cloudwatch/metricAlarm:MetricAlarm") return [metricAlarm(outputs as unknown as AllGiven<Unwrap<MetricAlarmArgs>>)];
    if (type === "aws:cloudwatch/compositeAlarm:CompositeAlarm") return [compositeAlarm(outputs as unknown as Unwrap<CompositeAlarmArgs>)];
    return [];
  });
}

const metricAlarm = (inputs: AllGiven<Unwrap<MetricAlarmArgs>>): MetricAlarm => ({
  kind: "metric",
  name: inputs.name,
  namespace: inputs.namespace,
  metric: inputs.metricName,
  dimensions: inputs.dimensions,
  statistic: inputs.statistic as MetricAlarm["statistic"],
  periodSeconds: inputs.period,
  datapoints: inputs.datapointsToAlarm,
  periods: inputs.evaluationPeriods,
  comparison: inputs.comparisonOperator as MetricAlarm["comparison"],
  threshold: inputs.threshold,
  missing: inputs.treatMissingData as MetricAlarm["missing"],
});

const compositeAlarm = ({ alarmName, alarmRule, actionsSuppressor }: Unwrap<CompositeAlarmArgs>): Alarm => ({
  kind: "composite",
  name: alarmName,
  rule: alarmRule,
  ...(actionsSuppressor === undefined ? {} : {
    suppressor: { alarm: actionsSuppressor.alarm, waitSeconds: actionsSuppressor.waitPeriod, extensionSeconds: actionsSuppressor.extensionPeriod },
  }),
});

/** The emulator keeps no metric longer than this test lives. */
const LOOK_BACK_MILLISECONDS = 3_600_000;

/** What the emulator was told of each series that an alarm looks at, minute by minute: both statistics can be put together from minutes. */
async function publishedFor(cloudWatch: CloudWatchClient, alarms: readonly Alarm[]): Promise<readonly Published[]> {
  const series = new Map(alarms.flatMap((alarm) => (alarm.kind === "metric" ? [[JSON.stringify([alarm.metric, alarm.dimensions]), alarm] as const] : [])));
  const found = await Promise.all([...series.values()].map(async ({ namespace, metric, dimensions, statistic }) => {
    const { Datapoints = [] } = await cloudWatch.send(new GetMetricStatisticsCommand({
      Namespace: namespace, MetricName: metric, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      Statistics: [statistic], Period: 60, StartTime: new Date(Date.now() - LOOK_BACK_MILLISECONDS), EndTime: new Date(Date.now() + 60_000),
    }));
    return Datapoints.map((datapoint): Published => {
      const [at, value] = [datapoint.Timestamp, datapoint[statistic]];
      if (at === undefined || value === undefined) throw new Error(`Expected a time and the ${statistic} of ${metric}, got ${JSON.stringify(datapoint)}.`);
      return { namespace, metric, dimensions, at, value };
    });
  }));
  return found.flat();
}

/**
 * Tells the emulator the states in which actions run; it performs them. An alarm that another one speaks for is left out:
 * the emulator moves a composite with its child at once, and knows no suppressor.
 */
async function performActions(cloudWatch: CloudWatchClient, alarms: readonly Alarm[], evaluated: readonly Evaluated[]): Promise<readonly string[]> {
  const rules = alarms.flatMap((alarm) => (alarm.kind === "composite" ? [alarm.rule] : []));
  const acting = evaluated.filter(({ name, acts }) => acts && !rules.some((rule) => rule.includes(`"${name}"`)));
  for (const { name, state } of acting) {
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: state, StateReason: "Evaluated by CloudWatch's documented rules." }));
  }
  return acting.map(({ name, state }) => `${name} ${state}`);
}
