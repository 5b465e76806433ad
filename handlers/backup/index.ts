import { randomUUID } from "node:crypto";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { toolsFolder } from "../../practice/contract/environment.ts";
import { clientSettings, s3Settings } from "../runtime/clients.ts";
import { makeHandler } from "../runtime/handler.ts";
import { readCredentials } from "../engines/credentials.ts";
import { dumpOf } from "../engines/open.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { readSetup, scheduledAtFrom } from "./job.ts";
import { runBackup } from "./run.ts";

const s3 = new S3Client(s3Settings(process.env));
const secrets = new SecretsManagerClient(clientSettings);

export const handler = makeHandler("backup", (event: unknown, { signal }) => {
  const { bucket, job, secret, host, port } = readSetup(process.env);
  const tools = process.env[toolsFolder.name] ?? toolsFolder.default;
  return runBackup({ ...job, scheduledAt: scheduledAtFrom(event) }, {
    store: s3Store({ s3, name: bucket }),
    openDump: dumpOf({
      ...job, s3, tools, ...(port === undefined ? {} : { port }),
      credentials: (stop) => readCredentials(secrets, { name: secret, host }, stop),
    }),
    now: () => new Date(),
    attempt: randomUUID(),
    signal,
  });
});
