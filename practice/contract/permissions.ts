/** What a handler may be allowed on, named by its part in the practice; components put ARNs in their place. */
export type GrantTarget =
  | "store-bucket" | "store-objects" | "store-key"
  | "replica-bucket" | "replica-objects" | "replica-key"
  | "source-bucket" | "source-objects"
  | "secret" | "secret-key"
  | "metrics";

/** Declared beside the handler that needs it, transcribed into its role, compared with the calls it makes. */
export interface Grant {
  readonly actions: readonly string[];
  readonly on: GrantTarget;
  /** Why, where it is not obvious; obliged where the resource cannot be named. */
  readonly reason?: string;
}

export const backupDatabaseGrants: readonly Grant[] = [
  { actions: ["secretsmanager:GetSecretValue"], on: "secret" },
  { actions: ["s3:PutObject", "s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts"], on: "store-objects" },
  { actions: ["s3:ListBucket"], on: "store-bucket", reason: "Without it a missing manifest answers 403 instead of 404." },
  { actions: ["kms:GenerateDataKey", "kms:Decrypt"], on: "store-key", reason: "A multipart upload decrypts its own parts." },
];

export const backupFilesGrants: readonly Grant[] = [
  { actions: ["s3:ListBucket"], on: "source-bucket" },
  { actions: ["s3:GetObject"], on: "source-objects" },
  ...backupDatabaseGrants.filter((grant) => grant.on !== "secret"),
];

export const evidenceGrants: readonly Grant[] = [
  { actions: ["s3:ListBucket"], on: "store-bucket" },
  { actions: ["s3:GetObject"], on: "store-objects" },
  { actions: ["kms:Decrypt"], on: "store-key" },
  { actions: ["cloudwatch:PutMetricData"], on: "metrics", reason: "PutMetricData names no resource; the namespace condition narrows it." },
];

export const retentionGrants: readonly Grant[] = [
  ...evidenceGrants,
  { actions: ["s3:PutObjectTagging"], on: "store-objects" },
  { actions: ["s3:PutObjectTagging"], on: "replica-objects" },
];
