import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { CreateBucketCommand } from "@aws-sdk/client-s3";
import { CreateStateMachineCommand, DescribeExecutionCommand, type DescribeExecutionCommandOutput, GetExecutionHistoryCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { zipSync } from "fflate";
import { startFullObjectS3 } from "../../handlers/full-object-s3.ts";
import { storeIn, type TestStore, makeStore } from "../../handlers/test-store.ts";
import { ACCOUNT, declareStack } from "../../iam/declared-stack.ts";
import { type Clients, clientsOf } from "../provider/clients.ts";
import { within } from "../within.ts";
import { type ElastiCacheDouble, startElastiCache } from "./server.ts";

const EMULATED_ACCOUNT = "000000000000";

/** Minutes between two looks are a fraction of a second here. */
const WAIT_SCALE = "0.001";
const EXECUTION_LIMIT_SECONDS = 90;

/** The declared backup of a Redis that ElastiCache runs, on the emulator: its function, its state machine, both buckets, and a double of ElastiCache. */
export interface ElastiCacheMachine {
  readonly clients: Clients;
  readonly elasticache: ElastiCacheDouble;
  /** As the stack file calls it. */
  readonly group: string;
  readonly store: TestStore;
  readonly exports: TestStore;
  readonly execute: (scheduledTime: string) => Promise<DescribeExecutionCommandOutput>;
  readonly start: (scheduledTime: string) => Promise<{ readonly ended: () => Promise<DescribeExecutionCommandOutput>; readonly arn: string }>;
  /** States that were entered, in their order. */
  readonly path: (executionArn: string) => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

export async function startElastiCacheMachine(source: string): Promise<ElastiCacheMachine> {
  const declared = await declareStack();
  const here = (text: string): string => text.replaceAll(ACCOUNT, EMULATED_ACCOUNT);
  const server = await startFullObjectS3({ SFN_WAIT_SCALE: WAIT_SCALE });
  const clients = clientsOf(server);
  const { lambda, s3, sfn } = clients;
  const elasticache = await startElastiCache(s3);

  const machine = declared.the("aws:sfn/stateMachine:StateMachine", `campus-${source}`);
  const backup = declared.the("aws:lambda/function:Function", `campus-${source}`).inputs as {
    readonly name: string; readonly runtime: "nodejs24.x"; readonly handler: string; readonly role: string; readonly timeout: number; readonly memorySize: number;
    readonly environment: { readonly variables: Readonly<Record<string, string>> };
  };
  const variables = backup.environment.variables;
  const store = await makeStore(server);
  const exportBucket = variables["UPKEEP_EXPORT_BUCKET"] ?? "";
  await s3.send(new CreateBucketCommand({ Bucket: exportBucket }));

  const FunctionName = backup.name;
  await lambda.send(new CreateFunctionCommand({
    FunctionName, Runtime: backup.runtime, Handler: backup.handler, Role: here(backup.role), Timeout: backup.timeout, MemorySize: backup.memorySize,
    Code: { ZipFile: zipSync({ "index.mjs": readFileSync(join("dist", "handlers", "elasticache", "index.mjs")) }, { level: 1 }) },
    Environment: { Variables: {
      ...variables, ...server.env, UPKEEP_STORE_BUCKET: store.name, AWS_ENDPOINT_URL_ELASTICACHE: elasticache.endpoint, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true",
    } },
  }));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
  const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({
    name: machine.inputs["name"] as string, roleArn: here(machine.inputs["roleArn"] as string), definition: here(machine.inputs["definition"] as string),
  }));

  const start: ElastiCacheMachine["start"] = async (scheduledTime) => {
    const { executionArn = "" } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name: randomUUID(), input: JSON.stringify({ scheduledTime }) }));
    return {
      arn: executionArn,
      ended: () => within(EXECUTION_LIMIT_SECONDS, "the backup to end", async () => {
        const run = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return run.status === "RUNNING" ? undefined : run;
      }),
    };
  };
  return {
    clients, elasticache, group: variables["UPKEEP_REPLICATION_GROUP"] ?? "", store, exports: storeIn(s3, exportBucket), start,
    execute: async (scheduledTime) => (await start(scheduledTime)).ended(),
    path: async (executionArn) => {
      const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      return events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
    },
    stop: async () => {
      await elasticache.stop();
      await server.stop();
    },
  };
}
