/** The parts of a practice that are called; a handler's grants name them with a place before: `store-objects`. */
type Part = "bucket" | "objects" | "key" | "secret" | "secret-key" | "metrics" | "log" | ConfigurationPart | ExportPart;

/** What a configuration is read from. */
export type ConfigurationPart = "parameters" | "described-secrets" | "dashboards" | "schedules" | "state-machines" | "lists";

/** What ElastiCache exports from. */
export type ExportPart = "replication-group" | "cache-cluster" | "elasticache-snapshots";

/** One permission that AWS asks for, and what for. */
export interface Call {
  readonly action: string;
  readonly part: Part;
  /** Name of the bucket, of the secret or of the log group that was named in the call; empty where AWS lets nothing be named. */
  readonly name: string;
  /** Key of the object, the log's stream, or the name of a thing that is a part of a configuration. */
  readonly key?: string;
  /** What AWS knows of the request besides, and conditions ask for. */
  readonly context?: Readonly<Record<string, string>>;
}

type S3Part = Extract<Part, "bucket" | "objects" | "key">;

/**
 * What AWS asks for each command, by its name. To be told 404 takes ListBucket. KMS is asked in the caller's name: by S3
 * where it opens an object or its checksum (Decrypt) or writes one (GenerateDataKey; for parts both, because they are
 * opened again to be put together), and by Secrets Manager where a secret is read.
 */
const askedOfS3: Readonly<Record<string, Readonly<Partial<Record<S3Part, readonly string[]>>>>> = {
  HeadObjectCommand: { objects: ["s3:GetObject"], bucket: ["s3:ListBucket"], key: ["kms:Decrypt"] },
  GetObjectCommand: { objects: ["s3:GetObject"], bucket: ["s3:ListBucket"], key: ["kms:Decrypt"] },
  DeleteObjectCommand: { objects: ["s3:DeleteObject"] },
  ListObjectsV2Command: { bucket: ["s3:ListBucket"] },
  ListObjectVersionsCommand: { bucket: ["s3:ListBucketVersions"] },
  CopyObjectCommand: { objects: ["s3:PutObject"], key: ["kms:GenerateDataKey"] },
  UploadPartCopyCommand: { objects: ["s3:PutObject"], key: ["kms:GenerateDataKey", "kms:Decrypt"] },
  GetObjectTaggingCommand: { objects: ["s3:GetObjectTagging"], bucket: ["s3:ListBucket"] },
  PutObjectCommand: { objects: ["s3:PutObject"], key: ["kms:GenerateDataKey"] },
  CreateMultipartUploadCommand: { objects: ["s3:PutObject"], key: ["kms:GenerateDataKey", "kms:Decrypt"] },
  UploadPartCommand: { objects: ["s3:PutObject"], key: ["kms:GenerateDataKey", "kms:Decrypt"] },
  CompleteMultipartUploadCommand: { objects: ["s3:PutObject"], key: ["kms:Decrypt"] },
  AbortMultipartUploadCommand: { objects: ["s3:AbortMultipartUpload"] },
  PutObjectTaggingCommand: { objects: ["s3:PutObjectTagging"], bucket: ["s3:ListBucket"] },
};

/** What each command of the other services asks for, and the parameter of it that names the thing; none where AWS takes no name. */
const askedForConfiguration: Readonly<Record<string, readonly [action: string, part: ConfigurationPart, named?: string]>> = {
  GetParametersByPathCommand: ["ssm:GetParametersByPath", "parameters", "Path"],
  DescribeSecretCommand: ["secretsmanager:DescribeSecret", "described-secrets", "SecretId"],
  DescribeAlarmsCommand: ["cloudwatch:DescribeAlarms", "lists"],
  ListDashboardsCommand: ["cloudwatch:ListDashboards", "lists"],
  GetDashboardCommand: ["cloudwatch:GetDashboard", "dashboards", "DashboardName"],
  ListSchedulesCommand: ["scheduler:ListSchedules", "lists"],
  GetScheduleCommand: ["scheduler:GetSchedule", "schedules", "Name"],
  ListStateMachinesCommand: ["states:ListStateMachines", "lists"],
  DescribeStateMachineCommand: ["states:DescribeStateMachine", "state-machines", "stateMachineArn"],
  ListFunctionsCommand: ["lambda:ListFunctions", "lists"],
};

/** A snapshot is made of one thing under one name, and AWS asks for both; a list of snapshots is one of all. */
const askedForExports: Readonly<Record<string, readonly { readonly action: string; readonly part: ExportPart | "lists"; readonly named?: string }[]>> = {
  DescribeReplicationGroupsCommand: [{ action: "elasticache:DescribeReplicationGroups", part: "replication-group", named: "ReplicationGroupId" }],
  DescribeCacheClustersCommand: [{ action: "elasticache:DescribeCacheClusters", part: "cache-cluster", named: "CacheClusterId" }],
  DescribeSnapshotsCommand: [{ action: "elasticache:DescribeSnapshots", part: "lists" }],
  CreateSnapshotCommand: [
    { action: "elasticache:CreateSnapshot", part: "replication-group", named: "ReplicationGroupId" }, { action: "elasticache:CreateSnapshot", part: "cache-cluster", named: "CacheClusterId" },
    { action: "elasticache:CreateSnapshot", part: "elasticache-snapshots", named: "SnapshotName" },
  ],
  CopySnapshotCommand: [{ action: "elasticache:CopySnapshot", part: "elasticache-snapshots", named: "SourceSnapshotName" }],
  DeleteSnapshotCommand: [{ action: "elasticache:DeleteSnapshot", part: "elasticache-snapshots", named: "SnapshotName" }],
};

/** What ElastiCache asks of the caller before it exports (guide, Exporting a backup: required IAM permissions for the caller). */
const exportedInto = (bucket: string, name: string): readonly Call[] => [
  { action: "s3:ListAllMyBuckets", part: "lists", name: "", key: "" },
  ...["s3:ListBucket", "s3:GetBucketLocation"].map((action) => ({ action, part: "bucket", name: bucket }) as const),
  ...["s3:PutObject", "s3:GetObject", "s3:DeleteObject"].map((action) => ({ action, part: "objects", name: bucket, key: `${name}-0001.rdb` }) as const),
];

/** @throws For a command that the tables do not know: a new one needs its permissions written down first. */
export function callsOf(command: string, input: Readonly<Record<string, unknown>>): readonly Call[] {
  const text = (name: string): string => {
    const value = input[name];
    if (typeof value === "string") return value;
    throw new Error(`Expected ${command} to name its ${name}, got ${JSON.stringify(value)}.`);
  };
  if (command === "GetSecretValueCommand") {
    const name = text("SecretId");
    return [{ action: "secretsmanager:GetSecretValue", part: "secret", name }, { action: "kms:Decrypt", part: "secret-key", name }];
  }
  if (command === "PutLogEventsCommand") return [{ action: "logs:PutLogEvents", part: "log", name: text("logGroupName"), key: text("logStreamName") }];
  // It names no resource: the namespace is all that a role can hold it to.
  if (command === "PutMetricDataCommand") {
    return [{ action: "cloudwatch:PutMetricData", part: "metrics", name: "", context: { "cloudwatch:namespace": text("Namespace") } }];
  }
  const ofConfiguration = askedForConfiguration[command];
  if (ofConfiguration !== undefined) {
    const [action, part, named] = ofConfiguration;
    return [{ action, part, name: "", key: named === undefined ? "" : text(named) }];
  }
  const ofExport = askedForExports[command];
  if (ofExport !== undefined) return [...ofExport.flatMap(({ action, part, named }) => {
    if (named !== undefined && input[named] === undefined) return [];
    return [{ action, part, name: "", key: named === undefined ? "" : text(named) }];
  }), ...(command === "CopySnapshotCommand" ? exportedInto(text("TargetBucket"), text("TargetSnapshotName")) : [])];
  const asked = askedOfS3[command];
  if (asked === undefined) throw new Error(`Expected a command whose permissions are written down, got ${command}. Add what AWS asks for it.`);
  // A version is a right of its own, whichever it is.
  const versioned = (action: string): string => (input["VersionId"] === undefined ? action : ofVersions[action] ?? action);
  const tagged: readonly Call[] = input["Tagging"] !== undefined && asked.objects?.includes("s3:PutObject") === true
    ? [{ action: "s3:PutObjectTagging", part: "objects", name: text("Bucket"), key: text("Key") }]
    : [];
  return [...tagged, ...copiedFrom(input), ...Object.entries(asked).flatMap(([part, actions]) => actions.map((action) => ({
    action: versioned(action), part: part as S3Part, name: text("Bucket"), ...(part === "objects" ? { key: text("Key") } : {}),
  })))];
}

const ofVersions: Readonly<Record<string, string>> = { "s3:GetObject": "s3:GetObjectVersion", "s3:PutObjectTagging": "s3:PutObjectVersionTagging" };

/** A copy reads its original in the caller's name. */
function copiedFrom({ CopySource }: Readonly<Record<string, unknown>>): readonly Call[] {
  if (typeof CopySource !== "string") return [];
  const { name = "", key = "", version } = /^(?<name>[^/]+)\/(?<key>[^?]+)(?<version>\?versionId=.+)?$/.exec(CopySource)?.groups ?? {};
  return [
    { action: version === undefined ? "s3:GetObject" : "s3:GetObjectVersion", part: "objects", name, key: decodeURIComponent(key) },
    { action: "s3:ListBucket", part: "bucket", name },
    { action: "kms:Decrypt", part: "key", name },
  ];
}
