import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, ListMultipartUploadsCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateFunctionCommand, UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand, waitUntilFunctionActiveV2, waitUntilFunctionUpdatedV2 } from "@aws-sdk/client-lambda";
import { CreateSecretCommand } from "@aws-sdk/client-secrets-manager";
import { CreateStateMachineCommand, DescribeExecutionCommand, type DescribeExecutionCommandOutput, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { zipSync } from "fflate";
import { taskFiles } from "../../../practice/contract/runner.ts";
import { startFullObjectS3 } from "../handlers/full-object-s3.ts";
import { ACCOUNT, declareStack } from "../iam/declared-stack.ts";
import { secretName } from "../iam/stage.ts";
import { programPath } from "../parts.ts";
import { type PostgresServer, startPostgres } from "../servers/postgresql.ts";
import { type FargateTasks, startFargateTasks } from "./fargate-tasks.ts";
import { type Clients, clientsOf } from "./provider/clients.ts";
import { within } from "./within.ts";

/** The account that the emulator takes everybody for. */
const EMULATED_ACCOUNT = "000000000000";

/** A state machine waits ten minutes before it tries a backup again; here it is a fraction of a second. */
const WAIT_SCALE = "0.001";

const EXECUTION_LIMIT_SECONDS = 60;
const ACTIVE_LIMIT_SECONDS = 30;
const CODE = ".code/backup/";

/** Where a program of the database is told what to do next, in place of its work. */
export interface Fate {
  /** As shell; the next dump does it, before its own work, and none after it. */
  readonly next: (script: string) => void;
  /** Each dump does it, until `never`. */
  readonly always: (script: string) => void;
  readonly never: () => void;
  readonly isDone: () => boolean;
}

/** The declared backup of one PostgreSQL on the emulator: its function, its state machine, its task, its store. */
export interface BackupMachine {
  readonly clients: Clients;
  readonly tasks: FargateTasks;
  readonly bucket: string;
  readonly inFunction: Fate;
  readonly inTask: Fate;
  readonly execute: (scheduledTime: string) => Promise<DescribeExecutionCommandOutput>;
  readonly start: (scheduledTime: string) => Promise<() => Promise<DescribeExecutionCommandOutput>>;
  /** Seconds that Lambda gives the function. */
  readonly giveFunction: (seconds: number) => Promise<void>;
  /** Another module in place of the function's bundle; none: its own again. */
  readonly replaceFunction: (module?: string) => Promise<void>;
  /** The same of the task's. */
  readonly replaceTask: (module?: string) => Promise<void>;
  readonly versions: () => Promise<readonly string[]>;
  readonly unfinished: () => Promise<readonly string[]>;
  readonly stop: () => Promise<void>;
}

export async function startBackupMachine(): Promise<BackupMachine> {
  const stops: (() => unknown)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.splice(0).toReversed()) await one();
  };
  try {
    return await assemble();
  } catch (error) {
    await stop();
    throw error;
  }

  async function assemble(): Promise<BackupMachine> {
    const declared = await declareStack();
    const here = (text: string): string => text.replaceAll(ACCOUNT, EMULATED_ACCOUNT);
    const server = await startFullObjectS3({ SFN_WAIT_SCALE: WAIT_SCALE });
    stops.push(() => server.stop());
    const postgres = await startPostgres();
    stops.push(() => postgres.stop());
    const folder = mkdtempSync(join(tmpdir(), "upkeep-machine-"));
    stops.push(() => rmSync(folder, { recursive: true, force: true }));
    const clients = clientsOf(server);
    const { lambda, s3, secrets, sfn } = clients;

    const machine = declared.the("aws:sfn/stateMachine:StateMachine", "campus-accounts");
    const backup = declared.the("aws:lambda/function:Function", "campus-accounts").inputs as {
      readonly name: string; readonly runtime: "nodejs24.x"; readonly handler: string; readonly role: string; readonly timeout: number; readonly memorySize: number;
      readonly environment: { readonly variables: Readonly<Record<string, string>> };
    };
    const definition = declared.the("aws:ecs/taskDefinition:TaskDefinition", "campus-accounts");
    const bucket = declared.the("aws:s3/bucket:Bucket", "campus-backups").outputs["bucket"] as string;
    const variables = backup.environment.variables;

    await postgres.sql(`create database ${variables["UPKEEP_DATABASE"]}`);
    await postgres.sql("create table users as select generate_series(1, 1000) as id", variables["UPKEEP_DATABASE"]);
    await secrets.send(new CreateSecretCommand({ Name: secretName, SecretString: JSON.stringify(accessTo(postgres)) }));
    await s3.send(new CreateBucketCommand({ Bucket: bucket }));
    await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }));

    const inFunction = fateIn(folder, "function");
    const inTask = fateIn(folder, "task");
    const tools = join(folder, "bin");
    mkdirSync(tools);
    for (const [name, text] of programs(inFunction.program)) writeFileSync(join(tools, name), text, { mode: 0o755 });
    const put = (file: string, body: string | Uint8Array) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${CODE}${file}`, Body: body }));
    const bundle = readFileSync(join("dist", "handlers", "backup", "index.mjs"));
    await put(taskFiles.bundle, bundle);
    await put(taskFiles.tools, zipSync(Object.fromEntries(programs(inTask.program).map(([name, text]) => [`bin/${name}`, [Buffer.from(text), { os: 3, attrs: 0o100755 * 2 ** 16 }]]))));

    const FunctionName = backup.name;
    await lambda.send(new CreateFunctionCommand({
      FunctionName, Runtime: backup.runtime, Handler: backup.handler, Role: here(backup.role), Timeout: backup.timeout, MemorySize: backup.memorySize,
      Code: { ZipFile: zipSync({ "index.mjs": bundle }, { level: 1 }) },
      Environment: { Variables: { ...variables, ...server.env, UPKEEP_TOOLS: tools, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" } },
    }));
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: ACTIVE_LIMIT_SECONDS, minDelay: 1 }, { FunctionName });
    const updated = () => waitUntilFunctionUpdatedV2({ client: lambda, maxWaitTime: ACTIVE_LIMIT_SECONDS, minDelay: 1 }, { FunctionName });

    const tasks = await startFargateTasks(clients, {
      definition: here(definition.outputs["arn"] as string), containers: definition.inputs["containerDefinitions"] as string,
      cluster: here(declared.arnOf("aws:ecs/cluster:Cluster", "campus-tasks")),
      environment: { ...server.env, AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    });
    stops.push(() => tasks.stop());
    const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({
      name: machine.inputs["name"] as string, roleArn: here(machine.inputs["roleArn"] as string), definition: tasks.inPlaceOf(here(machine.inputs["definition"] as string)),
    }));

    const start: BackupMachine["start"] = async (scheduledTime) => {
      const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ scheduledTime }) }));
      return () => within(EXECUTION_LIMIT_SECONDS, "the backup to end", async () => {
        const run = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        return run.status === "RUNNING" ? undefined : run;
      });
    };
    return {
      clients, tasks, bucket, inFunction, inTask, start, stop,
      execute: async (scheduledTime) => (await start(scheduledTime))(),
      giveFunction: async (seconds) => {
        await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Timeout: seconds }));
        await updated();
      },
      replaceFunction: async (module) => {
        await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile: zipSync({ "index.mjs": module === undefined ? bundle : Buffer.from(module) }, { level: 1 }) }));
        await updated();
      },
      replaceTask: async (module) => void await put(taskFiles.bundle, module ?? bundle),
      versions: async () => {
        const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
        return [...Versions, ...DeleteMarkers].filter(({ Key }) => Key?.startsWith(CODE) === false).map(({ Key, VersionId }) => `${Key} ${VersionId}`).toSorted();
      },
      unfinished: async () => ((await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).map(({ Key = "" }) => Key),
    };
  }
}

const accessTo = ({ user, password, host, port }: PostgresServer) => ({ username: user, password, host, port, sslmode: "disable" });

function fateIn(folder: string, name: string): Fate & { readonly program: string } {
  const [once, taken, each] = ["once", "taken", "each"].map((ending) => join(folder, `${name}.${ending}`)) as [string, string, string];
  return {
    program: `if [ "$1" != --version ]; then [ ! -e ${each} ] || . ${each}; if [ -e ${once} ]; then mv ${once} ${taken}; . ${taken}; fi; fi`,
    next: (script) => {
      rmSync(taken, { force: true });
      writeFileSync(once, `${script}\n`);
    },
    always: (script) => writeFileSync(each, `${script}\n`),
    never: () => rmSync(each),
    isDone: () => existsSync(taken),
  };
}

/** The real programs, behind what a test wants of the next dump. */
const programs = (fate: string): readonly (readonly [string, string])[] => [
  ["pg_dump", `#!/bin/sh\n${fate}\nexec ${programPath("postgresql", "pg_dump")} "$@"\n`],
  ["psql", `#!/bin/sh\nexec ${programPath("postgresql", "psql")} "$@"\n`],
];
