import { UNKNOWN, type Described, type Stack } from "../support/policy.ts";

type Tags = (practice: string) => Readonly<Record<string, string>>;

/** The restore drill of the valid stack's backup, and who watches it. */
export const validDrill = (tags: Tags): Stack => ({
  "accounts-drill": { type: "upkeep:verification:RestoreDrill", parent: "campus", props: { entry: { kind: "drill", source: "accounts" } } },
  "drill-role": {
    type: "aws:iam/role:Role", parent: "accounts-drill",
    props: { assumeRolePolicy: { Statement: [{ Effect: "Allow", Principal: { Service: "ecs-tasks.amazonaws.com" }, Action: "sts:AssumeRole" }] }, tags: tags("verification") },
  },
  "drill-rights": {
    type: "aws:iam/rolePolicy:RolePolicy", parent: "accounts-drill", refs: { role: ["drill-role"] },
    props: { role: UNKNOWN, policy: { Statement: [{ Effect: "Allow", Action: ["s3:GetObject"], Resource: [UNKNOWN] }] } },
  },
  "drill-task": { type: "aws:ecs/taskDefinition:TaskDefinition", parent: "accounts-drill", refs: { taskRoleArn: ["drill-role"] }, props: { containerDefinitions: UNKNOWN, tags: tags("verification") } },
  "drill-machine": { type: "aws:sfn/stateMachine:StateMachine", parent: "accounts-drill", refs: { definition: ["drill-task"] }, props: { definition: UNKNOWN, tags: tags("verification") } },
  "drill-undelivered": { type: "aws:sqs/queue:Queue", parent: "accounts-drill", props: { tags: tags("verification") } },
  "drill-schedule": {
    type: "aws:scheduler/schedule:Schedule", parent: "accounts-drill", refs: { target: ["drill-machine", "drill-undelivered"] },
    props: { scheduleExpression: "cron(0 6 ? * 1#1 *)", target: { arn: UNKNOWN, deadLetterConfig: { arn: UNKNOWN } } },
  },
  "drill-age": alarm(tags, {
    namespace: "Upkeep", metricName: "RestoreAgeSeconds", dimensions: { System: "campus", Stack: "prod", Source: "accounts" }, treatMissingData: "breaching",
  }),
  "drill-failed": alarm(tags, { namespace: "AWS/States", metricName: "ExecutionsFailed", dimensions: { StateMachineArn: UNKNOWN }, treatMissingData: "notBreaching" }, "drill-machine"),
  "drill-not-started": alarm(tags, { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: UNKNOWN } }, "drill-undelivered"),
});

const alarm = (tags: Tags, props: Readonly<Record<string, unknown>>, watched?: string): Described => ({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  parent: "campus",
  refs: { alarmActions: ["topic"], ...(watched === undefined ? {} : { dimensions: [watched] }) },
  props: { period: 900, evaluationPeriods: 2, comparisonOperator: "GreaterThanThreshold", alarmActions: [UNKNOWN], tags: tags("monitors"), ...props },
});
