import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { S3Client } from "@aws-sdk/client-s3";
import { s3Settings } from "../../handlers/runtime/clients.ts";
import { s3Store } from "../../handlers/store/s3/s3-store.ts";
import type { Store } from "../../handlers/store/store.ts";
import { backupEnvironment } from "../../practice/contract/environment.ts";
import type { BackupEvent } from "../../practice/contract/events.ts";
import { runIdOf } from "../../practice/contract/store.ts";
import { partitionOf } from "../../practice/plan/partition.ts";
import { within } from "../doctor/within.ts";

/** An execution that is over. */
export interface EndedExecution {
  readonly status: string;
  /** In the words of what failed; empty when nothing did. */
  readonly why: string;
}

/** The deployed backup of one source. */
export interface Deployed {
  /** Where it writes to. */
  readonly store: Store;
  /** Starts a run that is named by this time. */
  readonly start: (at: Date) => Promise<{ readonly arn: string; readonly name: string }>;
  /** Undefined while it is under way. */
  readonly ended: (arn: string) => Promise<EndedExecution | undefined>;
}

/** Found by the names that the stack gives it, with the credentials that AWS' SDK finds. */
export async function deployedBackup({ region, name, environment }: { readonly region: string; readonly name: string; readonly environment: Readonly<Record<string, string | undefined>> }): Promise<Deployed> {
  const settings = { region, maxAttempts: 4, requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000 } } as const;
  const sfn = new SFNClient(settings);
  const { Account } = await within((abortSignal) => new STSClient(settings).send(new GetCallerIdentityCommand({}), { abortSignal }));
  const stateMachineArn = `arn:${partitionOf(region)}:states:${region}:${Account ?? ""}:stateMachine:${name}`;
  const { Configuration } = await within((abortSignal) => new LambdaClient(settings).send(new GetFunctionCommand({ FunctionName: name }), { abortSignal }));
  const bucket = Configuration?.Environment?.Variables?.[backupEnvironment.bucket] ?? "";
  if (bucket === "") throw new Error(`Expected the function ${name} to name its store in ${backupEnvironment.bucket}, it does not. \`pulumi up\` sets it.`);
  return {
    store: s3Store({ name: bucket, s3: new S3Client({ ...s3Settings(environment), region }) }),
    start: async (at) => {
      const event: BackupEvent = { scheduledTime: at.toISOString() };
      // A repeated request with the same name and input is the same execution.
      const execution = `by-hand-${runIdOf(at)}`;
      const { executionArn } = await within((abortSignal) => sfn.send(new StartExecutionCommand({ stateMachineArn, name: execution, input: JSON.stringify(event) }), { abortSignal }));
      if (executionArn === undefined) throw new Error(`Expected ${name} to start, Step Functions gave no execution.`);
      return { arn: executionArn, name: `${name}/${execution}` };
    },
    ended: async (executionArn) => {
      const { status = "", error = "", cause = "" } = await within((abortSignal) => sfn.send(new DescribeExecutionCommand({ executionArn }), { abortSignal }));
      return status === "RUNNING" || status === "PENDING_REDRIVE" ? undefined : { status, why: whyOf(error, cause) };
    },
  };
}

/** A function's failure is JSON in the cause. */
function whyOf(error: string, cause: string): string {
  try {
    const { errorMessage } = JSON.parse(cause) as { readonly errorMessage?: unknown };
    if (typeof errorMessage === "string") return errorMessage;
  } catch (problem) {
    if (!(problem instanceof SyntaxError)) throw problem;
  }
  return [error, cause].filter((text) => text !== "").join(": ");
}
