import { type ExecutionListItem, type ExecutionStatus, paginateListExecutions, type SFNClient } from "@aws-sdk/client-sfn";
import { GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from "@aws-sdk/client-sqs";
import type { Alarm, MetricAlarm, Published } from "../../../practice/alerts/alarm.ts";

/** Metrics of state machines, each about executions that ended so (Step Functions Developer Guide, "CloudWatch metrics"). */
const endings: Readonly<Record<string, ExecutionStatus>> = {
  ExecutionsFailed: "FAILED", ExecutionsTimedOut: "TIMED_OUT", ExecutionsAborted: "ABORTED", ExecutionsSucceeded: "SUCCEEDED",
};

/**
 * What AWS's own services would have published of the series that alarms look at, from what the emulator says of their
 * things: it publishes Lambda's metrics by itself, and none of Step Functions and SQS.
 */
export async function publishedByAws({ sfn, sqs }: { readonly sfn: SFNClient; readonly sqs: SQSClient }, alarms: readonly Alarm[]): Promise<readonly Published[]> {
  const asked = alarms.flatMap((alarm): readonly Promise<readonly Published[]>[] => {
    if (alarm.kind !== "metric") return [];
    if (alarm.namespace === "AWS/States") return [ofExecutions(sfn, alarm)];
    return alarm.namespace === "AWS/SQS" ? [ofQueue(sqs, alarm)] : [];
  });
  return (await Promise.all(asked)).flat();
}

/** A count of one, at the moment when an execution ended. */
async function ofExecutions(sfn: SFNClient, alarm: MetricAlarm): Promise<readonly Published[]> {
  const [statusFilter, stateMachineArn] = [endings[alarm.metric], alarm.dimensions.StateMachineArn];
  if (statusFilter === undefined || stateMachineArn === undefined) throw new Error(`Expected a metric of a state machine's executions, got ${alarm.metric} of ${JSON.stringify(alarm.dimensions)}.`);
  const ended: ExecutionListItem[] = [];
  for await (const { executions = [] } of paginateListExecutions({ client: sfn }, { stateMachineArn, statusFilter })) ended.push(...executions);
  return ended.flatMap(({ stopDate }) => (stopDate === undefined ? [] : [{ ...seriesOf(alarm), at: stopDate, value: 1 }]));
}

/** A gauge, each minute while the queue is in use. */
async function ofQueue(sqs: SQSClient, alarm: MetricAlarm): Promise<readonly Published[]> {
  if (alarm.metric !== "ApproximateNumberOfMessagesVisible") throw new Error(`Expected the number of visible messages, got ${alarm.metric}.`);
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: alarm.dimensions.QueueName }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["ApproximateNumberOfMessages"] }));
  return [{ ...seriesOf(alarm), at: new Date(), value: Number(Attributes?.ApproximateNumberOfMessages) }];
}

const seriesOf = ({ namespace, metric, dimensions }: MetricAlarm) => ({ namespace, metric, dimensions });
