import { randomBytes } from "node:crypto";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { dumpOf } from "../../handlers/backup/engines/open.ts";
import { type BackupJob, runBackup } from "../../handlers/backup/run.ts";
import { runEvidence } from "../../handlers/evidence/run.ts";
import { runRetention } from "../../handlers/retention/run.ts";
import { gaugePublisher } from "../../handlers/runtime/metrics.ts";
import { backupDatabaseGrants, backupFilesGrants, evidenceGrants, type Grant, retentionGrants } from "../../practice/contract/permissions.ts";
import { putBackup } from "../support/handlers/backups.ts";
import { jobAt } from "../support/handlers/dumps.ts";
import { startFullObjectS3 } from "../support/handlers/full-object-s3.ts";
import { scriptsFolder } from "../support/handlers/scripts.ts";
import { makeStore, settingsOf, type TestStore } from "../support/handlers/test-store.ts";
import { describeWithParts } from "../support/parts.ts";
import type { S3Server } from "../support/servers/s3.ts";

/** What IAM asks for each call; `bucket` and `objects` are of the store, its replica or the source. To be told 404 takes ListBucket. */
const asked: Readonly<Record<string, readonly string[]>> = {
  HeadObjectCommand: ["objects s3:GetObject", "bucket s3:ListBucket"],
  GetObjectCommand: ["objects s3:GetObject", "bucket s3:ListBucket"],
  ListObjectsV2Command: ["bucket s3:ListBucket"],
  PutObjectCommand: ["objects s3:PutObject"],
  CreateMultipartUploadCommand: ["objects s3:PutObject"],
  UploadPartCommand: ["objects s3:PutObject"],
  CompleteMultipartUploadCommand: ["objects s3:PutObject"],
  AbortMultipartUploadCommand: ["objects s3:AbortMultipartUpload"],
  PutObjectTaggingCommand: ["objects s3:PutObjectTagging", "bucket s3:ListBucket"],
};

const granted = (grants: readonly Grant[]): readonly string[] =>
  [...new Set(grants.flatMap(({ on, actions }) => actions.map((action) => `${on} ${action}`)))].toSorted();

/** KMS is asked by S3 and Secrets Manager in the function's name; no call of ours shows it. */
const withoutKeys = (all: readonly string[]): readonly string[] => all.filter((one) => !one.includes(" kms:"));

describeWithParts("the calls of a handler are just those that it is granted", ["s3"], () => {
  let server: S3Server;
  let store: TestStore;
  let other: TestStore;
  let calls: Set<string>;
  let s3: S3Client;
  let secrets: SecretsManagerClient;
  let cloudWatch: CloudWatchClient;

  beforeAll(async () => {
    server = await startFullObjectS3();
    await new SecretsManagerClient(settingsOf(server)).send(new CreateSecretCommand({
      Name: "database", SecretString: JSON.stringify({ username: "u", password: "p", host: "db.example" }),
    }));
  });
  afterAll(() => server.stop());
  beforeEach(async () => {
    [store, other] = await Promise.all([makeStore(server), makeStore(server)]);
    calls = new Set();
    s3 = new S3Client(settingsOf(server));
    s3.middlewareStack.add((next, context) => (args) => {
      const bucket = (args.input as { readonly Bucket: string }).Bucket;
      const needs = asked[context.commandName ?? ""];
      if (needs === undefined) throw new Error(`Expected a call whose permissions are known, got ${context.commandName}.`);
      for (const need of needs) calls.add(`${bucket} ${need}`);
      return next(args);
    }, { step: "initialize" });
    secrets = new SecretsManagerClient(settingsOf(server));
    secrets.middlewareStack.add((next, context) => (args) => {
      calls.add(`secret secretsmanager:${(context.commandName ?? "").replace("Command", "")}`);
      return next(args);
    }, { step: "initialize" });
    cloudWatch = new CloudWatchClient(settingsOf(server));
    cloudWatch.middlewareStack.add((next, context) => (args) => {
      calls.add(`metrics cloudwatch:${(context.commandName ?? "").replace("Command", "")}`);
      return next(args);
    }, { step: "initialize" });
  });

  const made = (otherIs: "source" | "replica"): readonly string[] => [...calls]
    .map((call) => call.replace(`${store.name} `, "store-").replace(`${other.name} `, `${otherIs}-`)).toSorted();

  const backUp = async (job: BackupJob, tools: string): Promise<void> => {
    const run = (attempt: string): Promise<unknown> => runBackup(job, {
      store: { s3, name: store.name }, attempt, now: () => new Date(), signal: new AbortController().signal,
      openDump: dumpOf(job, { secrets, s3, secret: "database", tools }),
    });
    await Promise.all([run("one"), run("two")]);
  };
  /** Large enough for parts, and of a program that ends as it is told. */
  const programs = (code: number): string => scriptsFolder({
    pg_dump: `if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 18.1"; exit; fi\nhead -c 17000000 /dev/zero; exit ${code}`,
    psql: "echo 18.1",
  });

  it("for the backup of a database", async () => {
    await backUp(jobAt("2026-11-23T02:00:00Z"), programs(0));
    await expect(backUp(jobAt("2026-11-24T02:00:00Z"), programs(1))).rejects.toThrow("exit code 1");
    expect(made("source")).toEqual(withoutKeys(granted(backupDatabaseGrants)));
  });

  it("for the backup of a bucket", async () => {
    // Random bytes do not compress: the archive has two parts.
    await other.put("large", randomBytes(18_000_000));
    await backUp(jobAt("2026-11-23T02:00:00Z", { engine: "files", database: other.name }), "");
    // Only an upload that fails on its way is taken back; that of a database shows it, the code is the same.
    calls.add(`${store.name} objects s3:AbortMultipartUpload`);
    expect(made("source")).toEqual(withoutKeys(granted(backupFilesGrants)));
  }, 60_000);

  const job = { system: "campus", stack: "prod", sources: [{ source: "accounts", keepDays: 3 }] };
  const now = (): Date => new Date("2026-11-23T12:00:00Z");

  it("for evidence", async () => {
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z" });
    await runEvidence(job, { store: { s3, name: store.name }, publish: gaugePublisher(cloudWatch, job, now), now, signal: new AbortController().signal });
    expect(made("replica")).toEqual(withoutKeys(granted(evidenceGrants)));
  });

  it("for retention", async () => {
    for (const day of ["01", "22"]) await putBackup(store, { scheduledAt: `2026-11-${day}T02:00:00Z` });
    await runRetention(job, {
      store: { s3, name: store.name }, replica: { s3, name: other.name }, publish: gaugePublisher(cloudWatch, job, now), now, signal: new AbortController().signal,
    });
    expect(made("replica")).toEqual(withoutKeys(granted(retentionGrants)));
  });
});
