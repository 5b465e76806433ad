import { randomBytes } from "node:crypto";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished } from "vitest";
import { dumpOf } from "../../handlers/backup/engines/open.ts";
import { type BackupJob, runBackup } from "../../handlers/backup/run.ts";
import { runEvidence } from "../../handlers/evidence/run.ts";
import { runRetention } from "../../handlers/retention/run.ts";
import { gaugePublisher } from "../../handlers/runtime/metrics.ts";
import { backupDatabaseGrants, backupFilesGrants, evidenceGrants, type Grant, retentionGrants } from "../../practice/contract/permissions.ts";
import { putBackup } from "../support/handlers/backups.ts";
import { jobAt } from "../support/handlers/dumps.ts";
import { startFaultyProxy } from "../support/handlers/faulty-proxy.ts";
import { startFullObjectS3 } from "../support/handlers/full-object-s3.ts";
import { scriptsFolder } from "../support/handlers/scripts.ts";
import { makeStore, settingsOf, type TestStore } from "../support/handlers/test-store.ts";
import { describeWithParts } from "../support/parts.ts";
import type { S3Server } from "../support/servers/s3.ts";

/**
 * What IAM asks for each call; `bucket`, `objects` and `key` are of the store, its replica or the source. To be told 404
 * takes ListBucket. KMS is asked in the function's name, by S3 where it opens an object or its checksum (Decrypt) or
 * writes one (GenerateDataKey; for parts both), and by Secrets Manager.
 */
const asked: Readonly<Record<string, readonly string[]>> = {
  HeadObjectCommand: ["objects s3:GetObject", "bucket s3:ListBucket", "key kms:Decrypt"],
  GetObjectCommand: ["objects s3:GetObject", "bucket s3:ListBucket", "key kms:Decrypt"],
  ListObjectsV2Command: ["bucket s3:ListBucket"],
  PutObjectCommand: ["objects s3:PutObject", "key kms:GenerateDataKey"],
  CreateMultipartUploadCommand: ["objects s3:PutObject", "key kms:GenerateDataKey", "key kms:Decrypt"],
  UploadPartCommand: ["objects s3:PutObject", "key kms:GenerateDataKey", "key kms:Decrypt"],
  CompleteMultipartUploadCommand: ["objects s3:PutObject", "key kms:Decrypt"],
  AbortMultipartUploadCommand: ["objects s3:AbortMultipartUpload"],
  PutObjectTaggingCommand: ["objects s3:PutObjectTagging", "bucket s3:ListBucket"],
};

const granted = (grants: readonly Grant[]): readonly string[] =>
  [...new Set(grants.flatMap(({ on, actions }) => actions.map((action) => `${on} ${action}`)))].toSorted();

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
  /** A client whose calls are noted. `endpoint`: a proxy in front of the emulator. */
  const recorded = (endpoint?: string): S3Client => {
    const client = new S3Client(settingsOf(server, endpoint));
    client.middlewareStack.add((next, context) => (args) => {
      const bucket = (args.input as { readonly Bucket: string }).Bucket;
      const needs = asked[context.commandName ?? ""];
      if (needs === undefined) throw new Error(`Expected a call whose permissions are known, got ${context.commandName}.`);
      for (const need of needs) calls.add(`${bucket} ${need}`);
      return next(args);
    }, { step: "initialize" });
    return client;
  };
  beforeEach(async () => {
    [store, other] = await Promise.all([makeStore(server), makeStore(server)]);
    calls = new Set();
    s3 = recorded();
    secrets = new SecretsManagerClient(settingsOf(server));
    secrets.middlewareStack.add((next, context) => (args) => {
      calls.add(`secret secretsmanager:${(context.commandName ?? "").replace("Command", "")}`).add("secret-key kms:Decrypt");
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

  const attempt = (name: string, job: BackupJob, tools: string, through = s3): Promise<unknown> => runBackup(job, {
    store: { s3: through, name: store.name }, attempt: name, now: () => new Date(), signal: new AbortController().signal,
    openDump: dumpOf(job, { secrets, s3: through, secret: "database", tools }),
  });
  const twoDeliveries = (job: BackupJob, tools: string): Promise<unknown> => Promise.all(["one", "two"].map((name) => attempt(name, job, tools)));
  /** Large enough for parts, and of a program that ends as it is told. */
  const programs = (code: number): string => scriptsFolder({
    pg_dump: `if [ "$1" = --version ]; then echo "pg_dump (PostgreSQL) 18.1"; exit; fi\nhead -c 17000000 /dev/zero; exit ${code}`,
    psql: "echo 18.1",
  });

  it("for the backup of a database", async () => {
    await twoDeliveries(jobAt("2026-11-23T02:00:00Z"), programs(0));
    await expect(attempt("one", jobAt("2026-11-24T02:00:00Z"), programs(1))).rejects.toThrow("exit code 1");
    expect(made("source")).toEqual(granted(backupDatabaseGrants));
  });

  it("for the backup of a bucket", async () => {
    // Random bytes do not compress: the archive has two parts.
    await other.put("large", randomBytes(18_000_000));
    const files = (day: number): BackupJob => jobAt(`2026-11-${day}T02:00:00Z`, { engine: "files", database: other.name });
    await twoDeliveries(files(23), "");
    // The next day's has begun its upload when it comes to an object that it cannot have.
    await other.put("refused", randomBytes(2_000_000));
    const proxy = await startFaultyProxy(server.endpoint, ({ path }) => (path.includes("/refused") ? { status: 403, code: "AccessDenied" } : "pass"));
    onTestFinished(() => proxy.stop());
    await expect(attempt("one", files(24), "", recorded(proxy.endpoint))).rejects.toThrow("injected");
    await expect(store.unfinished()).resolves.toEqual([]);
    expect(made("source")).toEqual(granted(backupFilesGrants));
  }, 60_000);

  const job = { system: "campus", stack: "prod", sources: [{ source: "accounts", keepDays: 3 }] };
  const now = (): Date => new Date("2026-11-23T12:00:00Z");

  it("for evidence", async () => {
    await putBackup(store, { scheduledAt: "2026-11-23T02:00:00Z" });
    await runEvidence(job, {
      store: { s3, name: store.name }, replica: { s3, name: other.name }, publish: gaugePublisher(cloudWatch, job, now), now, signal: new AbortController().signal,
    });
    expect(made("replica")).toEqual(granted(evidenceGrants));
  });

  it("for retention", async () => {
    for (const day of ["01", "22"]) for (const place of [store, other]) await putBackup(place, { scheduledAt: `2026-11-${day}T02:00:00Z` });
    await runRetention(job, {
      store: { s3, name: store.name }, replica: { s3, name: other.name }, publish: gaugePublisher(cloudWatch, job, now), now, signal: new AbortController().signal,
    });
    expect(made("replica")).toEqual(granted(retentionGrants));
  });
});
