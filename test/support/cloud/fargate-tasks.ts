import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CreateActivityCommand, GetActivityTaskCommand, SendTaskFailureCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import { taskFolder } from "../../../practice/contract/runner.ts";
import type { Clients } from "./provider/clients.ts";

/** What a test wants to know of a task that ran. */
export interface EndedTask {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

export interface FargateTasks {
  /** Of all that have ended, in their order. */
  readonly ended: readonly EndedTask[];
  /** A state machine's definition, with this in the place of Fargate. */
  readonly inPlaceOf: (definition: string) => string;
  /** Ends the task that runs: SIGTERM as Fargate asks it to stop, SIGKILL with all that it started, as a machine that dies. */
  readonly kill: (signal: "SIGTERM" | "SIGKILL") => void;
  readonly stop: () => Promise<void>;
}

interface Container {
  readonly name: string;
  readonly command: readonly string[];
  readonly environment: readonly { readonly name: string; readonly value: string }[];
}

/** As the state machine asks Fargate; every part of it is looked at. */
interface RunTask {
  readonly Cluster: string;
  readonly TaskDefinition: string;
  readonly LaunchType: string;
  readonly PropagateTags: string;
  readonly NetworkConfiguration: { readonly AwsvpcConfiguration: { readonly Subnets: readonly string[]; readonly SecurityGroups: readonly string[]; readonly AssignPublicIp: string } };
  readonly Overrides: { readonly ContainerOverrides: readonly { readonly Name: string; readonly Environment: readonly { readonly Name: string; readonly Value: string }[] }[] };
}

export interface FargateSettings {
  /** The one definition that may be started: its ARN, and its containers as the task definition's text has them. */
  readonly definition: string;
  readonly containers: string;
  readonly cluster: string;
  /** What stands for the task's role and for AWS around it. */
  readonly environment: Readonly<Record<string, string>>;
}

const RUN_TASK = "arn:aws:states:::ecs:runTask.sync";

/**
 * A double of Fargate: the emulator needs Docker for it. A task is what its definition says, as a process of this machine:
 * the first container's command copies the code out of the store, the second's runs it, with the definition's own
 * environment and the overrides that the state machine gives. It refuses all that it was not taught.
 */
export async function startFargateTasks({ sfn, s3 }: Pick<Clients, "sfn" | "s3">, settings: FargateSettings): Promise<FargateTasks> {
  const { activityArn } = await sfn.send(new CreateActivityCommand({ name: "fargate" }));
  const stopping = new AbortController();
  const ended: EndedTask[] = [];
  let running: ChildProcess | undefined;

  const kill = (signal: "SIGTERM" | "SIGKILL"): void => {
    if (running?.pid === undefined) throw new Error("Expected a task to run, none does.");
    process.kill(signal === "SIGKILL" ? -running.pid : running.pid, signal);
  };

  async function runTask(asked: RunTask): Promise<EndedTask> {
    const { code, task, overrides } = taught(asked, settings);
    const folder = mkdtempSync(join(tmpdir(), "fargate-"));
    try {
      await fetchCode(s3, code.command, folder);
      const [program, ...args] = task.command.map((word) => word.replaceAll(taskFolder, folder));
      if (program !== "node") throw new Error(`Expected the task to run node, it runs ${program}.`);
      const environment = Object.fromEntries([...task.environment, ...overrides].map(({ name, value }) => [name, value]));
      running = spawn(process.execPath, args, { env: { PATH: "/usr/bin:/bin", TMPDIR: folder, ...environment, ...settings.environment }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
      return await endOf(running);
    } finally {
      running = undefined;
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { taskToken, input } = await sfn.send(new GetActivityTaskCommand({ activityArn }), { abortSignal: stopping.signal, requestTimeout: 90_000 });
      if (taskToken === undefined || input === undefined) continue;
      try {
        const one = await runTask(JSON.parse(input) as RunTask);
        ended.push(one);
        // As Step Functions tells of a container that ended otherwise than with 0.
        if (one.code === 0) await sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
        else await sfn.send(new SendTaskFailureCommand({ taskToken, error: "States.TaskFailed", cause: JSON.stringify({ StoppedReason: "Essential container in task exited", ExitCode: one.code ?? 137 }) }));
      } catch (error) {
        await sfn.send(new SendTaskFailureCommand({ taskToken, error: "ECS.InvalidParameterException", cause: error instanceof Error ? error.message : String(error) }));
      }
    }
  }
  const worked = work().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });

  return {
    ended, kill,
    inPlaceOf: (definition) => {
      if (!definition.includes(RUN_TASK)) throw new Error(`Expected a state that runs a task (${RUN_TASK}), there is none.`);
      return definition.replaceAll(RUN_TASK, activityArn ?? "");
    },
    stop: async () => {
      stopping.abort();
      if (running !== undefined) kill("SIGKILL");
      await worked;
    },
  };
}

interface Taught {
  readonly code: Container;
  readonly task: Container;
  readonly overrides: Container["environment"];
}

/** The two containers of a task, and what the state machine changes of the second. Throws at all else. */
function taught(asked: RunTask, { definition, containers, cluster }: FargateSettings): Taught {
  const { Cluster, TaskDefinition, LaunchType, PropagateTags, NetworkConfiguration, Overrides, ...rest } = asked;
  const { Subnets, SecurityGroups, AssignPublicIp } = NetworkConfiguration.AwsvpcConfiguration;
  const [code, task, ...others] = JSON.parse(containers) as readonly Container[];
  const [override, ...more] = Overrides.ContainerOverrides;
  const right = Cluster === cluster && TaskDefinition === definition && LaunchType === "FARGATE" && PropagateTags === "TASK_DEFINITION" && AssignPublicIp === "DISABLED"
    && Subnets.length > 0 && SecurityGroups.length === 1 && Object.keys(rest).length === 0 && others.length === 0 && more.length === 0;
  if (!right || code === undefined || task === undefined || override?.Name !== task.name) throw new Error(`Expected a task as this double was taught, got ${JSON.stringify(asked)}.`);
  return { code, task, overrides: override.Environment.map(({ Name, Value }) => ({ name: Name, value: Value })) };
}

/** What the image of the AWS CLI does with `s3 cp --recursive --no-progress s3://bucket/prefix folder`. */
async function fetchCode(s3: Clients["s3"], command: readonly string[], folder: string): Promise<void> {
  const [, Bucket, Prefix] = /^s3 cp --recursive --no-progress s3:\/\/([^/]+)\/(\S+) (?:\S+)$/.exec(command.join(" ")) ?? [];
  if (Bucket === undefined || command.at(-1) !== taskFolder) throw new Error(`Expected the first container to copy the code into ${taskFolder}, it is told ${command.join(" ")}.`);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix }));
  if (Contents.length === 0) throw new Error(`Expected code under s3://${Bucket}/${Prefix}, there is none: the task would not start.`);
  for (const { Key = "" } of Contents) {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    writeFileSync(join(folder, basename(Key)), await Body?.transformToByteArray() ?? "");
  }
}

const endOf = (child: ChildProcess): Promise<EndedTask> => new Promise((resolve, reject) => {
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => void (output += chunk.toString()));
  child.once("error", reject);
  child.once("close", (code, signal) => resolve({ code, signal, output }));
});
