import { UNKNOWN, type Described, type Stack } from "../support/policy.ts";

type Tags = (practice: string) => Readonly<Record<string, string>>;

/** The checks of the valid stack's backup, and who watches them. */
export const validVerification = (tags: Tags): Stack => ({
  "accounts-verify": { type: "upkeep:verification:Verification", parent: "campus", props: { entry: { kind: "verification", source: "accounts" } } },
  "verify-logs": {
    type: "aws:cloudwatch/logGroup:LogGroup", parent: "accounts-verify", props: { name: "/aws/lambda/accounts-verify", retentionInDays: 90, tags: tags("verification") },
  },
  "verify-function": {
    type: "aws:lambda/function:Function", parent: "accounts-verify", refs: { environment: ["backups-bucket"], loggingConfig: ["verify-logs"] },
    props: { loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/accounts-verify" }, tags: tags("verification") },
  },
  "verify-undelivered": { type: "aws:sqs/queue:Queue", parent: "accounts-verify", props: { tags: tags("verification") } },
  "verify-schedule": {
    type: "aws:scheduler/schedule:Schedule", parent: "accounts-verify", refs: { target: ["verify-function", "verify-undelivered"] },
    props: { scheduleExpression: "cron(0 6 * * ? *)", target: { arn: UNKNOWN, deadLetterConfig: { arn: UNKNOWN } } },
  },
  ...Object.fromEntries(["ChecksumsAgeSeconds", "DecodeAgeSeconds"].map((metricName) => [metricName, alarm(tags, {
    namespace: "Upkeep", metricName, dimensions: { System: "campus", Stack: "prod", Source: "accounts" }, treatMissingData: "breaching",
  })])),
  "check-failed": alarm(tags, { namespace: "AWS/Lambda", metricName: "Errors", dimensions: { FunctionName: UNKNOWN }, treatMissingData: "notBreaching" }, "verify-function"),
  "check-not-started": alarm(tags, { namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: UNKNOWN } }, "verify-undelivered"),
});

const alarm = (tags: Tags, props: Readonly<Record<string, unknown>>, watched?: string): Described => ({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  parent: "campus",
  refs: { alarmActions: ["topic"], ...(watched === undefined ? {} : { dimensions: [watched] }) },
  props: { period: 900, evaluationPeriods: 2, comparisonOperator: "GreaterThanThreshold", alarmActions: [UNKNOWN], tags: tags("monitors"), ...props },
});
