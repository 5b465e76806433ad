import { readFileSync } from "node:fs";
import { join } from "node:path";
import { CreateBucketCommand, ListMultipartUploadsCommand, ListObjectVersionsCommand, PutBucketVersioningCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { CreateFunctionCommand, waitUntilFunctionActiveV2 } from "@aws-sdk/client-lambda";
import { CreateStateMachineCommand, DescribeExecutionCommand, type DescribeExecutionCommandOutput, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { zipSync } from "fflate";
import { taskFiles } from "../../../practice/contract/runner.ts";
import { ACCOUNT, type DeclaredStack } from "../iam/declared-stack.ts";
import type { Assembly, EmulatedAws } from "./assembly.ts";
import { type FargateSettings, type FargateTasks, startFargateTasks } from "./fargate-tasks.ts";
import { within } from "./within.ts";

/** The account that the emulator takes everybody for. */
const EMULATED_ACCOUNT = "000000000000";

/** What the scheduler puts its own time in the place of. */
const SCHEDULED_TIME = "<aws.scheduler.scheduled-time>";

/** AWS has several names for what fails in a function, the emulator has one: there it stands for a function that Lambda ended. */
const ENDED = { byLambda: "Lambda.Unknown", onEmulator: "Runtime.HandlerError" } as const;

const EXECUTION_LIMIT_SECONDS = 60;
const ACTIVE_LIMIT_SECONDS = 30;

export interface DeclaredMachineSettings {
  readonly stack: DeclaredStack;
  /** Of the state machine and the task definition, in the program. */
  readonly name: string;
  /** What its tasks run. */
  readonly handler: "backup" | "drill";
  /** The programs of the database, as a layer packs them. */
  readonly tools: Uint8Array;
  /** Its functions, by their names in the program, with what they know beside what is declared. */
  readonly functions: readonly { readonly name: string; readonly handler: "backup" | "evidence" | "verify"; readonly environment?: Readonly<Record<string, string>> }[];
  readonly servers?: FargateSettings["servers"];
}

/** A declared state machine on the emulator: with its functions, its tasks and its store. */
export interface DeclaredMachine {
  readonly tasks: FargateTasks;
  readonly bucket: string;
  /** What was declared, in the emulator's account. */
  readonly here: (text: string) => string;
  /** As its schedule starts it. */
  readonly execute: (scheduledTime: string) => Promise<DescribeExecutionCommandOutput>;
  readonly start: (scheduledTime: string) => Promise<() => Promise<DescribeExecutionCommandOutput>>;
  /** Another module in place of the task's bundle; none: its own again. */
  readonly replaceTask: (module?: string) => Promise<void>;
  /** Of all that lies in the store beside the code. */
  readonly versions: () => Promise<readonly string[]>;
  readonly unfinished: () => Promise<readonly string[]>;
}

export const bundleOf = (handler: string): Buffer => readFileSync(join("dist", "handlers", handler, "index.mjs"));

export async function startDeclaredMachine({ started }: Assembly, { clients, environment }: EmulatedAws, settings: DeclaredMachineSettings): Promise<DeclaredMachine> {
  const { stack, name, handler, tools, functions, servers } = settings;
  const { lambda, s3, sfn } = clients;
  const here = (text: string): string => text.replaceAll(ACCOUNT, EMULATED_ACCOUNT);
  const machine = stack.the("aws:sfn/stateMachine:StateMachine", name).inputs as { readonly name: string; readonly roleArn: string; readonly definition: string };
  const definition = stack.the("aws:ecs/taskDefinition:TaskDefinition", name);
  const bucket = stack.the("aws:s3/bucket:Bucket", "campus-backups").outputs["bucket"] as string;
  const code = `.code/${handler}/`;

  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  await s3.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: "Enabled" } }));
  const put = (file: string, body: string | Uint8Array) => s3.send(new PutObjectCommand({ Bucket: bucket, Key: `${code}${file}`, Body: body }));
  const bundle = bundleOf(handler);
  await put(taskFiles.bundle, bundle);
  await put(taskFiles.tools, tools);

  for (const one of functions) {
    const declared = stack.the("aws:lambda/function:Function", one.name).inputs as unknown as DeclaredFunction;
    await lambda.send(new CreateFunctionCommand({
      FunctionName: declared.name, Runtime: declared.runtime, Handler: declared.handler, Role: here(declared.role), Timeout: declared.timeout, MemorySize: declared.memorySize,
      Code: { ZipFile: zipSync({ "index.mjs": bundleOf(one.handler) }, { level: 1 }) },
      Environment: { Variables: { ...declared.environment.variables, ...environment, ...one.environment } },
    }));
    await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: ACTIVE_LIMIT_SECONDS, minDelay: 1 }, { FunctionName: declared.name });
  }

  const tasks = await started(startFargateTasks(clients, {
    definition: here(definition.outputs["arn"] as string), containers: definition.inputs["containerDefinitions"] as string,
    cluster: here(stack.arnOf("aws:ecs/cluster:Cluster", "campus-tasks")), environment, ...(servers && { servers }),
  }));
  const emulated = tasks.inPlaceOf(here(machine.definition)).replaceAll(JSON.stringify(ENDED.byLambda), JSON.stringify(ENDED.onEmulator));
  const { stateMachineArn } = await sfn.send(new CreateStateMachineCommand({ name: machine.name, roleArn: here(machine.roleArn), definition: emulated }));

  const { target } = stack.the("aws:scheduler/schedule:Schedule", name).inputs as { readonly target: { readonly arn: string; readonly input: string } };
  if (here(target.arn) !== stateMachineArn || !target.input.includes(SCHEDULED_TIME)) throw new Error(`Expected the schedule of ${name} to start its state machine with its own time, got ${JSON.stringify(target)}.`);
  const start: DeclaredMachine["start"] = async (scheduledTime) => {
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn, input: target.input.replace(SCHEDULED_TIME, scheduledTime) }));
    return () => within(EXECUTION_LIMIT_SECONDS, `the execution of ${machine.name} to end`, async () => {
      const run = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      return run.status === "RUNNING" ? undefined : run;
    });
  };
  return {
    tasks, bucket, here, start,
    execute: async (scheduledTime) => (await start(scheduledTime))(),
    replaceTask: async (module) => void await put(taskFiles.bundle, module ?? bundle),
    versions: async () => {
      const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket }));
      return [...Versions, ...DeleteMarkers].filter(({ Key }) => Key?.startsWith(code) === false).map(({ Key, VersionId }) => `${Key} ${VersionId}`).toSorted();
    },
    unfinished: async () => ((await s3.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).map(({ Key = "" }) => Key),
  };
}

interface DeclaredFunction {
  readonly name: string;
  readonly runtime: "nodejs24.x";
  readonly handler: string;
  readonly role: string;
  readonly timeout: number;
  readonly memorySize: number;
  readonly environment: { readonly variables: Readonly<Record<string, string>> };
}
