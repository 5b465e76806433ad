import { DeleteAlarmsCommand, DescribeAlarmsCommand, PutCompositeAlarmCommand, PutMetricAlarmCommand, type ComparisonOperator, type Statistic } from "@aws-sdk/client-cloudwatch";
import { CreateTopicCommand, DeleteTopicCommand, GetSubscriptionAttributesCommand, GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, SubscribeCommand, UnsubscribeCommand } from "@aws-sdk/client-sns";
import type { CompositeAlarmArgs } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import type { MetricAlarmArgs } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import type { TopicArgs } from "@pulumi/aws/sns/topic.js";
import type { TopicSubscriptionArgs } from "@pulumi/aws/sns/topicSubscription.js";
import type { Clients } from "./clients.ts";
import { type AnyKind, given, kind, present } from "./kind.ts";
import { within } from "./within.ts";

/** CloudWatch answers with an empty list where others answer with an error. */
class NoAlarm extends Error {
  override readonly name = "NoAlarm";
}

/** A subscriber on the same machine answers at once; a busy machine gets this. */
const CONFIRMATION_LIMIT_SECONDS = 20;

/** What tells people. `subscriber`: stands in for the HTTPS addresses of the stack file, since the emulator could not check its certificate. */
export const alertKinds = ({ cloudWatch, sns }: Clients, subscriber: string): Readonly<Record<string, AnyKind>> => {
  const arnOf = async (name: string): Promise<string> => {
    const { MetricAlarms = [], CompositeAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({
      AlarmNames: [name], AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
    }));
    const [found] = [...MetricAlarms, ...CompositeAlarms];
    if (found === undefined) throw new NoAlarm(`Expected the alarm ${name} to exist, it does not.`);
    return given(found.AlarmArn, "the ARN of an alarm");
  };
  return kindsOf({ cloudWatch, sns }, subscriber, arnOf);
};

const kindsOf = (
  { cloudWatch, sns }: Pick<Clients, "cloudWatch" | "sns">, subscriber: string, arnOf: (alarm: string) => Promise<string>,
): Readonly<Record<string, AnyKind>> => ({
  "aws:sns/topic:Topic": kind<TopicArgs>({
    create: async ({ name, displayName, kmsMasterKeyId }) => {
      const { TopicArn } = await sns.send(new CreateTopicCommand({
        Name: present(name, "the name of a topic"),
        Attributes: { DisplayName: displayName ?? "", KmsMasterKeyId: kmsMasterKeyId ?? "" },
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
      if (protocol !== "https") throw new Error(`Expected a subscription by https, got one by ${protocol}: the emulator sends nothing there.`);
      const { pathname } = new URL(endpoint);
      const Endpoint = `${subscriber}${pathname}`;
      await sns.send(new SubscribeCommand({ TopicArn, Protocol: "http", Endpoint }));
      const arn = await within(CONFIRMATION_LIMIT_SECONDS, `the subscription of ${Endpoint} to be confirmed`, async () => {
        const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
        return Subscriptions.find((one) => one.Endpoint === Endpoint && one.SubscriptionArn?.startsWith("arn:"))?.SubscriptionArn;
      });
      return { id: arn, outputs: { arn } };
    },
    read: (id) => sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: id })),
    delete: (id) => sns.send(new UnsubscribeCommand({ SubscriptionArn: id })),
    absent: ["NotFoundException"],
  }),

  // As a query: the emulator evaluates only alarms on a plain metric, and by no rule of CloudWatch's. Ours are evaluated by
  // practice/alerts, and the emulator is told their states.
  "aws:cloudwatch/metricAlarm:MetricAlarm": kind<MetricAlarmArgs>({
    create: async (inputs) => {
      const AlarmName = present(inputs.name, "the name of an alarm");
      await cloudWatch.send(new PutMetricAlarmCommand({
        AlarmName,
        AlarmDescription: inputs.alarmDescription,
        Metrics: [{
          Id: "measured",
          MetricStat: {
            Metric: {
              Namespace: inputs.namespace, MetricName: inputs.metricName,
              Dimensions: Object.entries(inputs.dimensions ?? {}).map(([Name, Value]) => ({ Name, Value })),
            },
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
      }));
      return { id: AlarmName, outputs: { arn: await arnOf(AlarmName) } };
    },
    read: (id) => arnOf(id),
    delete: (id) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] })),
    absent: ["NoAlarm"],
  }),

  "aws:cloudwatch/compositeAlarm:CompositeAlarm": kind<CompositeAlarmArgs>({
    create: async ({ alarmName, alarmDescription, alarmRule, alarmActions, okActions }) => {
      await cloudWatch.send(new PutCompositeAlarmCommand({
        AlarmName: alarmName, AlarmDescription: alarmDescription, AlarmRule: alarmRule, AlarmActions: alarmActions, OKActions: okActions,
      }));
      return { id: alarmName, outputs: { arn: await arnOf(alarmName) } };
    },
    read: (id) => arnOf(id),
    delete: (id) => cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: [id] })),
    absent: ["NoAlarm"],
  }),
});
