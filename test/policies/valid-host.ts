import { type Described, type Stack, UNKNOWN } from "../support/policy.ts";
import { tags, validStack } from "./valid-stack.ts";

/** The valid stack with a machine that backs a folder of itself up, who checks that, and who watches both. */
export const hostStack = (): Stack => ({ ...validStack(), ...host(), ...checks(), ...watch() });

const host = (): Stack => ({
  "hosts": { type: "upkeep:run:Hosts", parent: "campus", props: {} },
  "web-1-rights": {
    type: "aws:iam/policy:Policy", parent: "hosts", refs: { policy: ["backups-bucket"] },
    props: { policy: { Statement: [{ Effect: "Allow", Action: ["s3:PutObject", "s3:GetObject"], Resource: [UNKNOWN] }] }, tags: tags("backup") },
  },
  "web-1-attached": {
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", parent: "hosts", dependsOn: ["web-1-rights"],
    props: { role: "campus-web", policyArn: "arn:aws:iam::123456789012:policy/campus-hosts-web-1" },
  },
  "disk": { type: "upkeep:backup:HostBackup", parent: "campus", props: { entry: { kind: "host-backup", source: "disk" } } },
  "disk-document": {
    type: "aws:ssm/document:Document", parent: "disk", refs: { content: ["backups-bucket"] }, props: { content: UNKNOWN, documentType: "Command", tags: tags("backup") },
  },
  "disk-association": {
    type: "aws:ssm/association:Association", parent: "disk", refs: { name: ["disk-document"] }, dependsOn: ["web-1-attached"],
    props: { name: UNKNOWN, scheduleExpression: "rate(30 minutes)", targets: [{ key: "InstanceIds", values: ["mi-0a1b2c3d4e5f60718"] }], tags: tags("backup") },
  },
  "disk-failures": { type: "aws:sqs/queue:Queue", parent: "disk", props: { tags: tags("backup") } },
  "disk-failures-policy": {
    type: "aws:sqs/queuePolicy:QueuePolicy", parent: "disk", refs: { queueUrl: ["disk-failures"], policy: ["disk-failures", "disk-rule"] },
    props: { queueUrl: UNKNOWN, policy: { Statement: [{ Effect: "Allow", Principal: { Service: "events.amazonaws.com" }, Action: "sqs:SendMessage", Resource: UNKNOWN }] } },
  },
  "disk-rule": { type: "aws:cloudwatch/eventRule:EventRule", parent: "disk", refs: { eventPattern: ["disk-association"] }, props: { eventPattern: UNKNOWN, tags: tags("backup") } },
  "disk-target": { type: "aws:cloudwatch/eventTarget:EventTarget", parent: "disk", refs: { rule: ["disk-rule"], arn: ["disk-failures"] }, props: { rule: UNKNOWN, arn: UNKNOWN } },
});

const checks = (): Stack => ({
  "disk-verify": { type: "upkeep:verification:Verification", parent: "campus", props: { entry: { kind: "verification", source: "disk" } } },
  "disk-verify-logs": {
    type: "aws:cloudwatch/logGroup:LogGroup", parent: "disk-verify", props: { name: "/aws/lambda/disk-verify", retentionInDays: 90, tags: tags("verification") },
  },
  "disk-verify-function": {
    type: "aws:lambda/function:Function", parent: "disk-verify", refs: { environment: ["backups-bucket"], loggingConfig: ["disk-verify-logs"] },
    props: { loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/disk-verify" }, tags: tags("verification") },
  },
  "disk-verify-undelivered": { type: "aws:sqs/queue:Queue", parent: "disk-verify", props: { tags: tags("verification") } },
  "disk-verify-schedule": {
    type: "aws:scheduler/schedule:Schedule", parent: "disk-verify", refs: { target: ["disk-verify-function", "disk-verify-undelivered"] },
    props: { scheduleExpression: "cron(0 6 * * ? *)", target: { arn: UNKNOWN, deadLetterConfig: { arn: UNKNOWN } } },
  },
});

const watch = (): Stack => ({
  "disk-age": ageOf("BackupAgeSeconds"),
  "disk-checksums-age": ageOf("ChecksumsAgeSeconds"),
  "disk-decode-age": ageOf("DecodeAgeSeconds"),
  "disk-failed": alarm({ namespace: "AWS/SQS", metricName: "NumberOfMessagesSent", dimensions: { QueueName: UNKNOWN }, treatMissingData: "notBreaching" }, "disk-failures"),
  "disk-check-failed": alarm({ namespace: "AWS/Lambda", metricName: "Errors", dimensions: { FunctionName: UNKNOWN }, treatMissingData: "notBreaching" }, "disk-verify-function"),
  "disk-check-not-started": alarm({ namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: UNKNOWN } }, "disk-verify-undelivered"),
});

const ageOf = (metricName: string): Described =>
  alarm({ namespace: "Upkeep", metricName, dimensions: { System: "campus", Stack: "prod", Source: "disk" }, treatMissingData: "breaching" });

const alarm = (props: Readonly<Record<string, unknown>>, watched?: string): Described => ({
  type: "aws:cloudwatch/metricAlarm:MetricAlarm",
  parent: "campus",
  refs: { alarmActions: ["topic"], ...(watched === undefined ? {} : { dimensions: [watched] }) },
  props: { period: 900, evaluationPeriods: 2, comparisonOperator: "GreaterThanThreshold", alarmActions: [UNKNOWN], tags: tags("monitors"), ...props },
});
