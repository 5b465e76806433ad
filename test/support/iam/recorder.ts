import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SFNClient } from "@aws-sdk/client-sfn";
import { SSMClient } from "@aws-sdk/client-ssm";
import { settingsOf } from "../handlers/test-store.ts";
import type { S3Server } from "../servers/s3.ts";
import { type Call, callsOf } from "./call.ts";

/** Clients of the emulator for a handler at work, and what AWS would have asked of its role. */
export interface Recorder {
  readonly calls: readonly Call[];
  /** Commands that were sent, by their names. */
  readonly commands: ReadonlySet<string>;
  /** `endpoint`: a proxy in front of the emulator. */
  readonly s3: (endpoint?: string) => S3Client;
  readonly secrets: SecretsManagerClient;
  readonly cloudWatch: CloudWatchClient;
  readonly logs: CloudWatchLogsClient;
  readonly ssm: SSMClient;
  readonly scheduler: SchedulerClient;
  readonly machines: SFNClient;
  readonly lambda: LambdaClient;
  /** `endpoint`: that of the double. */
  readonly elasticache: (endpoint: string) => ElastiCacheClient;
}

export function recorderAt(server: S3Server): Recorder {
  const calls: Call[] = [];
  const commands = new Set<string>();
  const note = (command = "", input: object): void => {
    commands.add(command);
    calls.push(...callsOf(command, input as Readonly<Record<string, unknown>>));
  };

  const noted = <Args extends { readonly input: object }, Output>(next: (args: Args) => Promise<Output>, { commandName }: { readonly commandName?: string }) =>
    (args: Args): Promise<Output> => {
      note(commandName, args.input);
      return next(args);
    };
  const first = { step: "initialize" } as const;
  const settings = settingsOf(server);
  const clients = {
    secrets: new SecretsManagerClient(settings), cloudWatch: new CloudWatchClient(settings), logs: new CloudWatchLogsClient(settings), ssm: new SSMClient(settings),
    scheduler: new SchedulerClient(settings), machines: new SFNClient(settings), lambda: new LambdaClient(settings),
  };
  clients.secrets.middlewareStack.add(noted, first);
  clients.cloudWatch.middlewareStack.add(noted, first);
  clients.logs.middlewareStack.add(noted, first);
  clients.ssm.middlewareStack.add(noted, first);
  clients.scheduler.middlewareStack.add(noted, first);
  clients.machines.middlewareStack.add(noted, first);
  clients.lambda.middlewareStack.add(noted, first);
  const s3 = (endpoint?: string): S3Client => {
    const client = new S3Client(settingsOf(server, endpoint));
    client.middlewareStack.add(noted, first);
    return client;
  };
  const elasticache = (endpoint: string): ElastiCacheClient => {
    const client = new ElastiCacheClient(settingsOf(server, endpoint));
    client.middlewareStack.add(noted, first);
    return client;
  };
  return { calls, commands, s3, elasticache, ...clients };
}
