import type { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import type { LambdaClient } from "@aws-sdk/client-lambda";
import type { S3Client } from "@aws-sdk/client-s3";
import type { SchedulerClient } from "@aws-sdk/client-scheduler";
import type { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { SSMClient } from "@aws-sdk/client-ssm";
import type { ConfigurationItem } from "./item.ts";
import { readParameters } from "./read-parameters.ts";
import { readFunctions, readSchedules, readStateMachines } from "./read-running.ts";
import { readSecrets } from "./read-secrets.ts";
import { readState, type StateObject } from "./read-state.ts";
import { readWatching } from "./read-watching.ts";

export interface ConfigurationClients {
  readonly ssm: SSMClient;
  readonly secrets: SecretsManagerClient;
  readonly cloudWatch: CloudWatchClient;
  readonly scheduler: SchedulerClient;
  readonly machines: SFNClient;
  readonly lambda: LambdaClient;
  readonly s3: S3Client;
}

export interface WantedConfiguration {
  /** What the names of everything in the stack begin with. */
  readonly prefix: string;
  /** Paths of parameters, each with a slash at its end. */
  readonly parameters: readonly string[];
  readonly secrets: readonly string[];
  readonly state?: StateObject;
}

/** One service after the other: a nightly archive is in no hurry, and the account's limits on questions are shared. */
export async function readConfiguration(clients: ConfigurationClients, wanted: WantedConfiguration, signal: AbortSignal): Promise<readonly ConfigurationItem[]> {
  const { prefix } = wanted;
  const functions = await readFunctions(clients.lambda, prefix, signal);
  // Whoever reads this runs in a function of the stack: where none is found, the names are wrong and all else would be missing too.
  if (functions.length === 0) throw new Error(`Expected functions whose names begin with ${prefix}, there are none in this region.`);
  return [
    ...await readParameters(clients.ssm, wanted.parameters, signal),
    ...await readSecrets(clients.secrets, wanted.secrets, signal),
    ...await readWatching(clients.cloudWatch, prefix, signal),
    ...await readSchedules(clients.scheduler, prefix, signal),
    ...await readStateMachines(clients.machines, prefix, signal),
    ...functions,
    ...(wanted.state === undefined ? [] : [await readState(clients.s3, wanted.state, signal)]),
  ];
}
