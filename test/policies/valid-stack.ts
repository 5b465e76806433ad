import { UNKNOWN, type Described, type Stack } from "../support/policy.ts";
import { validDrill } from "./valid-drill.ts";
import { validExports } from "./valid-exports.ts";
import { validVerification } from "./valid-verification.ts";

/** A new copy at each call: a test breaks one property of it. */
export const validStack = (): Stack => ({
  "campus": { type: "upkeep:index:Maintenance", props: { plan: plan() } },
  ...store("backups", "store-key", "eu-central-1"),
  ...store("backups-copy", "copy-key", "eu-west-1"),
  "replication": {
    type: "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
    parent: "backups",
    refs: { bucket: ["backups-bucket"], rules: ["backups-copy-bucket", "copy-key"] },
    props: {
      bucket: UNKNOWN,
      rules: [{
        id: "all", status: "Enabled", filter: {}, deleteMarkerReplication: { status: "Disabled" },
        sourceSelectionCriteria: { sseKmsEncryptedObjects: { status: "Enabled" } },
        destination: { bucket: UNKNOWN, encryptionConfiguration: { replicaKmsKeyId: UNKNOWN } },
      }],
    },
  },
  ...validExports(tags), ...backup(),
  ...validVerification(tags), ...validDrill(tags),
  ...watch(),
});

/** The valid stack with one thing changed. */
export function broken(change: (stack: Stack) => void): Stack {
  const stack = validStack();
  change(stack);
  return stack;
}

/** One of the stack's resources, to be changed in place. */
export function part(stack: Stack, name: string): Described {
  const described = stack[name];
  if (described === undefined) throw new Error(`The stack has no ${name}, it has ${Object.keys(stack).join(", ")}.`);
  return described;
}

/** The stack without some resources, and without every reference to them. */
export const without = (stack: Stack, ...gone: readonly string[]): Stack => {
  const stays = (name: string): boolean => !gone.includes(name);
  return Object.fromEntries(Object.entries(stack).filter(([name]) => stays(name)).map(([name, { parent, ...described }]) => [name, {
    ...described,
    ...(parent !== undefined && stays(parent) && { parent }),
    refs: Object.fromEntries(Object.entries(described.refs ?? {}).map(([property, targets]) => [property, targets.filter(stays)])),
    dependsOn: (described.dependsOn ?? []).filter(stays),
  }]));
};

const plan = () => ({
  version: 1,
  system: { name: "campus", production: true },
  databases: [
    { name: "accounts", engine: "postgresql", from: "upkeep:databases.accounts" },
    { name: "sessions", engine: "redis", from: "upkeep:databases.sessions" },
  ],
  entries: [
    { kind: "store", name: "backups", from: "upkeep:store", secondRegion: "eu-west-1" }, { kind: "export-bucket", name: "exports", from: "upkeep:databases" },
    { kind: "database-backup", name: "accounts", source: "accounts", keepDays: 30, from: "upkeep:databases.accounts.backup" },
    { kind: "verification", name: "accounts-verify", source: "accounts", from: "upkeep:databases.accounts.verify" },
    { kind: "evidence", name: "evidence", from: "upkeep:databases" },
    { kind: "alert", name: "accounts-age", pagedBy: "aws", from: "upkeep:databases.accounts.backup" },
  ],
  items: [{ id: "backup.postgresql.daily", applies: true }],
});

export const tags = (practice: string) => ({
  "upkeep:system": "campus", "upkeep:stack": "prod", "upkeep:practice": practice, "upkeep:owner": "platform@campus.example",
});

const store = (name: string, key: string, region: string): Stack => {
  const child = (props: Record<string, unknown>, type: string): Described =>
    ({ type, parent: name, refs: { bucket: [`${name}-bucket`] }, props: { bucket: UNKNOWN, ...props } });
  return {
    [name]: { type: "upkeep:backup:BackupStore", parent: "campus", props: {} },
    [key]: { type: "aws:kms/key:Key", parent: name, protect: true, props: { enableKeyRotation: true, deletionWindowInDays: 30, tags: tags("backup") } },
    [`${name}-bucket`]: {
      type: "aws:s3/bucket:Bucket", parent: name, protect: true,
      props: { bucket: UNKNOWN, region, objectLockEnabled: true, tags: tags("backup") },
    },
    [`${name}-versioning`]: child({ versioningConfiguration: { status: "Enabled" } }, "aws:s3/bucketVersioning:BucketVersioning"),
    [`${name}-encryption`]: {
      ...child({
        rules: [{ bucketKeyEnabled: true, applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: UNKNOWN } }],
      }, "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration"),
      refs: { bucket: [`${name}-bucket`], rules: [key] },
    },
    [`${name}-access`]: child(
      { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock"),
    [`${name}-policy`]: child({
      policy: {
        Version: "2012-10-17",
        Statement: [{
          Effect: "Deny", Principal: "*", Action: "s3:*", Resource: [UNKNOWN, UNKNOWN], Condition: { Bool: { "aws:SecureTransport": "false" } },
        }],
      },
    }, "aws:s3/bucketPolicy:BucketPolicy"),
    [`${name}-lifecycle`]: child({
      rules: [
        { id: "superseded", status: "Enabled", filter: { tag: { key: "upkeep:superseded", value: "true" } }, expiration: { days: 1 } },
        {
          id: "left-over", status: "Enabled", filter: {}, expiration: { expiredObjectDeleteMarker: true },
          noncurrentVersionExpiration: { noncurrentDays: 30 }, abortIncompleteMultipartUpload: { daysAfterInitiation: 2 },
        },
      ],
    }, "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration"),
    [`${name}-lock`]: child(
      { rule: { defaultRetention: { mode: "GOVERNANCE", days: 14 } } }, "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration"),
  };
};

const backup = (): Stack => ({
  "accounts": { type: "upkeep:backup:DatabaseBackup", parent: "campus", props: { entry: { kind: "database-backup", source: "accounts" } } },
  "accounts-logs": {
    type: "aws:cloudwatch/logGroup:LogGroup", parent: "accounts", props: { name: "/aws/lambda/accounts", retentionInDays: 90, tags: tags("backup") },
  },
  "accounts-role": {
    type: "aws:iam/role:Role", parent: "accounts",
    props: {
      tags: tags("backup"),
      assumeRolePolicy: { Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }] },
    },
  },
  "accounts-rights": {
    type: "aws:iam/rolePolicy:RolePolicy", parent: "accounts", refs: { role: ["accounts-role"], policy: ["backups-bucket", "accounts-logs"] },
    props: {
      role: UNKNOWN,
      policy: {
        Statement: [
          { Effect: "Allow", Action: ["s3:PutObject"], Resource: [UNKNOWN] },
          { Effect: "Allow", Action: ["secretsmanager:GetSecretValue"], Resource: ["arn:aws:secretsmanager:eu-central-1:123456789012:secret:campus/accounts-??????"] },
          { Effect: "Allow", Action: "ec2:DescribeNetworkInterfaces", Resource: "*" },
          { Effect: "Allow", Action: ["cloudwatch:PutMetricData"], Resource: ["*"], Condition: { StringEquals: { "cloudwatch:namespace": "Upkeep" } } },
        ],
      },
    },
  },
  "accounts-function": {
    type: "aws:lambda/function:Function", parent: "accounts",
    refs: { environment: ["backups-bucket"], role: ["accounts-role"], loggingConfig: ["accounts-logs"] }, dependsOn: ["accounts-rights"],
    props: { loggingConfig: { logFormat: "JSON", logGroup: "/aws/lambda/accounts" }, tags: tags("backup") },
  },
  "accounts-machine": {
    type: "aws:sfn/stateMachine:StateMachine", parent: "accounts", refs: { definition: ["accounts-function"] },
    props: { definition: UNKNOWN, tags: tags("backup") },
  },
  "accounts-undelivered": { type: "aws:sqs/queue:Queue", parent: "accounts", props: { tags: tags("backup") } },
  "accounts-schedule": {
    type: "aws:scheduler/schedule:Schedule", parent: "accounts", refs: { target: ["accounts-machine", "accounts-undelivered"] },
    props: { scheduleExpression: "cron(0 2 * * ? *)", target: { arn: UNKNOWN, deadLetterConfig: { arn: UNKNOWN } } },
  },
});

const watch = (): Stack => {
  const alarm = (name: string, props: Record<string, unknown>, refs: Record<string, string[]>): Described => ({
    type: "aws:cloudwatch/metricAlarm:MetricAlarm", parent: "campus", refs,
    props: { name, period: 900, evaluationPeriods: 2, comparisonOperator: "GreaterThanThreshold", tags: tags("monitors"), ...props },
  });
  const topic = { alarmActions: ["topic"] };
  return {
    "topic-key": {
      type: "aws:kms/key:Key", parent: "campus",
      props: {
        tags: tags("routing"),
        policy: JSON.stringify({
          Statement: [{ Effect: "Allow", Principal: { Service: "cloudwatch.amazonaws.com" }, Action: ["kms:Decrypt", "kms:GenerateDataKey*"], Resource: "*" }],
        }),
      },
    },
    "topic": {
      type: "aws:sns/topic:Topic", parent: "campus", refs: { kmsMasterKeyId: ["topic-key"] }, props: { kmsMasterKeyId: UNKNOWN, tags: tags("routing") },
    },
    "subscription": {
      type: "aws:sns/topicSubscription:TopicSubscription", parent: "campus", refs: { topic: ["topic"] },
      props: { topic: UNKNOWN, protocol: "email", endpoint: "oncall@campus.example" },
    },
    "age": alarm("age", {
      namespace: "Upkeep", metricName: "BackupAgeSeconds", dimensions: { System: "campus", Stack: "prod", Source: "accounts" }, treatMissingData: "breaching",
    }, {}),
    "silent": alarm("silent", {
      namespace: "Upkeep", metricName: "EvidenceRuns", treatMissingData: "breaching", comparisonOperator: "LessThanThreshold", alarmActions: [UNKNOWN],
    }, topic),
    "age-page": {
      type: "aws:cloudwatch/compositeAlarm:CompositeAlarm", parent: "campus", refs: { alarmRule: ["age", "silent"], ...topic },
      props: { alarmName: "age-page", alarmRule: "ALARM(\"age\") AND NOT ALARM(\"silent\")", alarmActions: [UNKNOWN], tags: tags("monitors") },
    },
    "failed": alarm("failed", {
      namespace: "AWS/States", metricName: "ExecutionsFailed", dimensions: { StateMachineArn: UNKNOWN }, treatMissingData: "notBreaching", alarmActions: [UNKNOWN],
    }, { ...topic, dimensions: ["accounts-machine"] }),
    "not-started": alarm("not-started", {
      namespace: "AWS/SQS", metricName: "ApproximateNumberOfMessagesVisible", dimensions: { QueueName: UNKNOWN }, alarmActions: [UNKNOWN],
    }, { ...topic, dimensions: ["accounts-undelivered"] }),
  };
};
