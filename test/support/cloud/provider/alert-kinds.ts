import { DeleteAlarmsCommand, DescribeAlarmsCommand, PutCompositeAlarmCommand, PutMetricAlarmCommand, type ComparisonOperator, type Statistic } from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, DeleteTopicCommand, GetSubscriptionAttributesCommand, GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import type { CompositeAlarmArgs } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { TopicArgs } from "@pulumi/aws/sns/topic.js";
import type { TopicSubscriptionArgs } from "@pulumi/aws/sns/topicSubscription.js";
import type { Unwrap } from "@pulumi/pulumi";
import type { Clients } from "./clients.ts";
import { type AnyKind, given, kind, type Made, present, tagList } from "./kind.ts";
import { within } from "../within.ts";

/** CloudWatch answers with an empty list where others answer with an error. */
class NoAlarm extends Error {
  override readonly name = "NoAlarm";
}

/** A subscriber on the same machine answers at once; a busy machine gets this. */
const CONFIRMATION_LIMIT_SECONDS = 20;

/** What tells people. */
export const alertKinds = ({ cloudWatch, sns }: Clients): Readonly<Record<string, AnyKind>> => {
  const arnOf = async (name: string): Promise<string> => {
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({
      AlarmNames: [name], AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    }));
    const [found] = [...MetricAlarms, ...CompositeAlarms];
    if (found === undefined) throw new NoAlarm(`Expected the alarm ${name} to exist, it does not.`);
    return given(found.AlarmArn, "the ARN of an alarm");
  };
  // CloudWatch knows no other change of an alarm than to put it anew.
  const measured = async (inputs: Unwrap<MetricAlarmArgs>): Promise<Made> => {
    const AlarmName = present(inputs.name, "the name of an alarm");
    await cloudWatch.send(new PutMetricAlarmCommand({ AlarmName, ...metricAlarm(inputs) }));
    return { id: AlarmName, outputs: { arn: await arnOf(AlarmName) } };
  };
  const combined = async ({ alarmName, alarmDescription, alarmRule, alarmActions, okActions, tags }: Unwrap<CompositeAlarmArgs>): Promise<Made> => {
    await cloudWatch.send(new PutCompositeAlarmCommand({
      AlarmName: alarmName, AlarmDescription: alarmDescription, AlarmRule: alarmRule, AlarmActions: alarmActions, OKActions: okActions, Tags: tagList(tags),
    }));
    return { id: alarmName, outputs: { arn: await arnOf(alarmName) } };
  };
  const ofAlarm = {
    read: arnOf,
    delete: (id: string) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] })),
    absent: ["NoAlarm"],
  };
  return {
    ...messageKinds(sns),
    "aws:cloudwatch/metricAlarm:MetricAlarm": kind<MetricAlarmArgs>({ create: measured, update: (_, inputs) => measured(inputs), ...ofAlarm }),
    "aws:cloudwatch/compositeAlarm:CompositeAlarm": kind<CompositeAlarmArgs>({ create: combined, update: (_, inputs) => combined(inputs), ...ofAlarm }),
  };
};

/**
 * As a query: the emulator evaluates only alarms on a plain metric, and by no rule of CloudWatch's. Ours are evaluated by
 * practice/alerts, and the emulator is told their states.
 */
const metricAlarm = (inputs: Unwrap<MetricAlarmArgs>) => ({
  AlarmDescription: inputs.alarmDescription,
  Metrics: [{
    Id: "measured",
    MetricStat: {
      Metric: { Namespace: inputs.namespace, MetricName: inputs.metricName, Dimensions: Object.entries(inputs.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })) },
      Period: inputs.period,
      Stat: inputs.statistic as Statistic,
    },
  }],
  EvaluationPeriods: inputs.evaluationPeriods,
  DatapointsToAlarm: inputs.datapointsToAlarm,
  ComparisonOperator: inputs.comparisonOperator as ComparisonOperator,
  Threshold: inputs.threshold,
  TreatMissingData: inputs.treatMissingData,
  AlarmActions: inputs.alarmActions as string[] | undefined,
  OKActions: inputs.okActions as string[] | undefined,
  Tags: tagList(inputs.tags),
});

const messageKinds = (sns: Clients["sns"]): Readonly<Record<string, AnyKind>> => ({
  "aws:sns/topic:Topic": kind<TopicArgs>({
    create: async ({ name, displayName, kmsMasterKeyId, tags }) => {
      const { TopicArn } = await sns.send(new CreateTopicCommand({
        Name: present(name, "the name of a topic"),
        Attributes: { DisplayName: displayName ?? "", KmsMasterKeyId: kmsMasterKeyId ?? "" }, Tags: tagList(tags),
      }));
      const arn = given(TopicArn, "the ARN of a topic");
      return { id: arn, outputs: { arn } };
    },
    read: (id) => sns.send(new GetTopicAttributesCommand({ TopicArn: id })),
    delete: (id) => sns.send(new DeleteTopicCommand({ TopicArn: id })),
    absent: ["NotFoundException"],
  }),

  "aws:sns/topicSubscription:TopicSubscription": kind<TopicSubscriptionArgs>({
    create: async ({ topic, protocol, endpoint }) => {
      const TopicArn = topic as string;
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: protocol, Endpoint: endpoint }));
      const arn = await within(CONFIRMATION_LIMIT_SECONDS, `the subscription of ${endpoint} to be confirmed`, async () => {
        const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
        return Subscriptions.find((one) => one.Endpoint === endpoint && one.SubscriptionArn?.startsWith("arn:"))?.SubscriptionArn;
      });
      return { id: arn, outputs: { arn } };
    },
    read: (id) => sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: id })),
    delete: (id) => sns.send(new UnsubscribeCommand({ SubscriptionArn: id })),
    absent: ["NotFoundException"],
  }),
});
