import { randomUUID } from "node:crypto";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { toolsFolder } from "../../practice/contract/environment.ts";
import { clientSettings, s3Settings } from "../runtime/clients.ts";
import { makeHandler } from "../runtime/handler.ts";
import { makeProgram } from "../runtime/program.ts";
import { makeTask } from "../runtime/task.ts";
import { readCredentials } from "../engines/credentials.ts";
import { dumpOf } from "../engines/open.ts";
import { readRepositoryAccess } from "../engines/repository/access.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { answer } from "./answer.ts";
import { backUpHost } from "./host.ts";
import { type BackupSetup, readSetup } from "./job.ts";
import { expectedGiB, lastRun } from "./last-run.ts";
import { type BackupPorts, runBackup } from "./run.ts";

const s3 = new S3Client(s3Settings(process.env));
const secrets = new SecretsManagerClient(clientSettings);

export const handler = makeHandler("backup", (event: unknown, { signal }) => {
  const { job, ports } = setUp(process.env[toolsFolder.name] ?? toolsFolder.default);
  return answer(event, job, { ...ports, runner: "lambda", signal });
});

/** The same run in a container, for what a function has no time for. */
export const task = makeTask("backup", async ({ scheduledAt, tools, signal }) => {
  const { job, ports } = setUp(tools);
  const sizeGiB = expectedGiB(job.sizeGiB, await lastRun({ store: ports.store, ...job }, ports.now()));
  return runBackup({ ...job, sizeGiB, scheduledAt }, { ...ports, runner: "fargate", signal });
});

/** The same run on a machine that backs itself up, which knows by itself what is due. */
export const host = makeProgram("backup", (signal) =>
  backUpHost({ env: process.env, s3, secrets, logs: new CloudWatchLogsClient(clientSettings), now: () => new Date() }, signal));

function setUp(tools: string): Pick<BackupSetup, "job"> & { readonly ports: Omit<BackupPorts, "signal" | "runner"> } {
  const { bucket, job, secret, host: ofDatabase, port } = readSetup(process.env);
  return {
    job,
    ports: {
      store: s3Store({ s3, name: bucket }),
      openDump: dumpOf({
        ...job, s3, tools, ...(port === undefined ? {} : { port }),
        credentials: (stop) => readCredentials(secrets, { name: secret, host: ofDatabase }, stop),
        ...(secret === "" ? {} : { access: (stop) => readRepositoryAccess(secrets, secret, stop) }),
      }),
      now: () => new Date(),
      attempt: randomUUID(),
    },
  };
}
