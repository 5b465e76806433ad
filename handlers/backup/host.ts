import { randomUUID } from "node:crypto";
import type { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { hostEnvironment } from "../../practice/contract/environment.ts";
import type { BackupOutcome } from "../../practice/contract/events.ts";
import { readCredentials } from "../engines/credentials.ts";
import type { Dump } from "../engines/dump.ts";
import { dumpOf } from "../engines/open.ts";
import { unpackTools, type UnpackedTools } from "../programs/unpacked-tools.ts";
import { s3Store } from "../store/s3/s3-store.ts";
import { dueRun } from "./due.ts";
import { hostLog } from "./host-log.ts";
import { readSetup } from "./job.ts";
import { runBackup } from "./run.ts";
import { expectClockOf } from "./store-clock.ts";

export interface HostPorts {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly s3: S3Client;
  readonly secrets: SecretsManagerClient;
  readonly logs: CloudWatchLogsClient;
  readonly now: () => Date;
}

/** Makes the run that is due, unless it is made. What was done, or went wrong, is in the log that everybody can read; that nothing was due is not. */
export async function backUpHost({ env, s3, secrets, logs, now }: HostPorts, signal: AbortSignal): Promise<BackupOutcome & { readonly scheduledAt: string }> {
  const log = hostLog(logs, env, now);
  try {
    const { bucket, job, secret, host = "localhost", port } = readSetup(env);
    const scheduledAt = dueRun(env, now());
    expectClockOf(s3, now);
    const archive = env[hostEnvironment.toolsArchive] ?? "";
    const outcome = await runBackup({ ...job, scheduledAt }, {
      store: s3Store({ s3, name: bucket }),
      openDump: (stop) => withTools(archive, stop, (tools) => dumpOf({
        ...job, s3, tools, ...(port === undefined ? {} : { port }),
        credentials: (until) => readCredentials(secrets, { name: secret, host }, until),
      })(stop)),
      now,
      attempt: randomUUID(),
      signal,
    });
    const result = { ...outcome, scheduledAt: scheduledAt.toISOString() };
    if (outcome.outcome === "stored") await log({ level: "info", ...result });
    return result;
  } catch (error) {
    const told = error instanceof Error ? error : new Error(String(error));
    await log({ level: "error", message: told.message }).catch((unsaid: unknown) => {
      throw new AggregateError([told, unsaid], `${told.message} (This could not be written to the log either: ${unsaid instanceof Error ? unsaid.message : String(unsaid)})`);
    });
    throw told;
  }
}

/** The programs are unpacked for a run that is made, not every half hour, and are gone with it. */
async function withTools(archive: string, signal: AbortSignal, open: (tools: string) => Promise<Dump>): Promise<Dump> {
  const tools = archive === "" ? undefined : await expectTools(archive, signal);
  try {
    const dump = await open(tools?.bin ?? "");
    return {
      ...dump,
      close: async () => {
        try {
          await dump.close();
        } finally {
          await tools?.remove();
        }
      },
    };
  } catch (error) {
    await tools?.remove();
    throw error;
  }
}

async function expectTools(archive: string, signal: AbortSignal): Promise<UnpackedTools> {
  const tools = await unpackTools(archive, signal);
  if (tools === undefined) throw new Error(`Expected the database programs in ${archive}, there is nothing. Deploy the stack again.`);
  return tools;
}
