import { randomUUID } from "node:crypto";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { scheduledAtFrom } from "../backup/job.ts";
import { runBackup } from "../backup/run.ts";
import { openConfigurationDump } from "../engines/configuration/dump.ts";
import { readConfiguration } from "../engines/configuration/read.ts";
import { clientSettings, s3Settings } from "../runtime/clients.ts";
import { makeHandler } from "../runtime/handler.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { readSetup } from "./job.ts";

const s3 = new S3Client(s3Settings(process.env));
const clients = {
  s3,
  ssm: new SSMClient(clientSettings),
  secrets: new SecretsManagerClient(clientSettings),
  cloudWatch: new CloudWatchClient(clientSettings),
  scheduler: new SchedulerClient(clientSettings),
  machines: new SFNClient(clientSettings),
  lambda: new LambdaClient(clientSettings),
};

export const handler = makeHandler("configuration", (event: unknown, { signal }) => {
  const { bucket, job, region, wanted } = readSetup(process.env);
  return runBackup({ ...job, scheduledAt: scheduledAtFrom(event) }, {
    store: s3Store({ s3, name: bucket }),
    openDump: (stop) => openConfigurationDump({ region, read: (until) => readConfiguration(clients, wanted, until) }, stop),
    now: () => new Date(),
    attempt: randomUUID(),
    signal,
  });
});
