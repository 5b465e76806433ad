import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { CreateActivityCommand, GetActivityTaskCommand, SendTaskFailureCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import { drillEnvironment } from "../../../practice/contract/environment.ts";
import { taskFolder } from "../../../practice/contract/runner.ts";
import type { Clients } from "./provider/clients.ts";
import type { StartServer } from "./scratch-container.ts";
import { type RunTask, type TaughtDefinition, taughtTask } from "./taught-task.ts";

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
  /** So many of the next tasks are not started: a zone has no room for them. */
  readonly refuse: (times: number) => void;
  /** The time limit of the state that runs the task is reached now. */
  readonly passLimit: () => void;
  /** From now on, waits of a minute and more end so many times sooner in a task; 1: as they are. */
  readonly hasten: (times: number) => void;
  readonly stop: () => Promise<void>;
}

export interface FargateSettings extends TaughtDefinition {
  /** What stands for the task's role and for AWS around it; asked for each task. */
  readonly environment: Readonly<Record<string, string>>;
  /** What stands for the image beside the task. Default: no task may have one. */
  readonly servers?: StartServer;
}

const RUN_TASK = "arn:aws:states:::ecs:runTask.sync";

/** As Step Functions names it (AWS: "Capacity is unavailable" of a RunTask for Fargate). */
const NO_ROOM = { error: "ECS.AmazonECSException", cause: "Capacity is unavailable at this time. Please try again later or in a different availability zone" };

/** A program that was asked to stop has so long here, where Fargate gives it two minutes. */
const STOP_MILLISECONDS = 5_000;

/**
 * A double of Fargate: the emulator needs Docker for it. A task is what its definition says, as processes of this machine:
 * the first container's command copies the code out of the store, a server of the same kind stands for an official image,
 * and the last one's command runs the code, with the definition's own environment and the overrides that the state machine
 * gives. It holds the state's time limit, which the emulator does not. It refuses all that it was not taught.
 */
export async function startFargateTasks({ sfn, s3 }: Pick<Clients, "sfn" | "s3">, settings: FargateSettings): Promise<FargateTasks> {
  const { activityArn } = await sfn.send(new CreateActivityCommand({ name: "fargate" }));
  const stopping = new AbortController();
  const ended: EndedTask[] = [];
  let running: ChildProcess | undefined;
  let refusals = 0;
  let declaredSeconds: number | undefined;
  let passLimit: (() => void) | undefined;
  let haste = 1;

  const kill = (signal: "SIGTERM" | "SIGKILL"): void => {
    if (running?.pid === undefined) throw new Error("Expected a task to run, none does.");
    process.kill(signal === "SIGKILL" ? -running.pid : running.pid, signal);
  };

  async function runTask(asked: RunTask): Promise<EndedTask> {
    const { code, server, task, overrides } = taughtTask(asked, settings);
    const folder = mkdtempSync(join(tmpdir(), "fargate-"));
    const beside = server === undefined ? undefined : await startBeside(server, settings.servers);
    try {
      await fetchCode(s3, code.command, folder);
      const [program, ...args] = task.command.map((word) => word.replaceAll(taskFolder, folder));
      if (program !== "node") throw new Error(`Expected the task to run node, it runs ${program}.`);
      const environment = Object.fromEntries([...task.environment, ...overrides].map(({ name, value }) => [name, value]));
      const port = beside === undefined ? {} : { [drillEnvironment.port]: String(beside.port) };
      running = spawn(process.execPath, args, { env: { PATH: "/usr/bin:/bin", TMPDIR: folder, ...environment, ...port, ...hastened(haste), ...settings.environment }, detached: true, stdio: ["ignore", "pipe", "pipe"] });
      return await endOf(running);
    } finally {
      running = undefined;
      await beside?.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  }

  /** Step Functions tells of the limit at once, and asks for the task to be stopped meanwhile. */
  async function withinLimit(task: Promise<EndedTask>, taskToken: string): Promise<EndedTask | undefined> {
    const seconds = declaredSeconds;
    if (seconds === undefined) throw new Error("Expected the state that runs a task to have a limit, it has none.");
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<undefined>((resolve) => {
      passLimit = () => resolve(undefined);
      timer = setTimeout(passLimit, seconds * 1000);
    });
    const first = await Promise.race([task, limit]);
    passLimit = undefined;
    clearTimeout(timer);
    if (first !== undefined) return first;
    await sfn.send(new SendTaskFailureCommand({ taskToken, error: "States.Timeout", cause: "" }));
    const patience = setTimeout(() => running !== undefined && kill("SIGKILL"), STOP_MILLISECONDS);
    if (running !== undefined) kill("SIGTERM");
    ended.push(await task);
    clearTimeout(patience);
    return undefined;
  }

  async function answer(taskToken: string, asked: RunTask): Promise<void> {
    if (refusals > 0) {
      refusals -= 1;
      await sfn.send(new SendTaskFailureCommand({ taskToken, ...NO_ROOM }));
      return;
    }
    const one = await withinLimit(runTask(asked), taskToken);
    if (one === undefined) return;
    ended.push(one);
    if (one.code === 0) await sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
    else await sfn.send(new SendTaskFailureCommand({ taskToken, error: "States.TaskFailed", cause: JSON.stringify(stopped(one)) }));
  }

  async function work(): Promise<void> {
    while (!stopping.signal.aborted) {
      const { taskToken, input } = await sfn.send(new GetActivityTaskCommand({ activityArn }), { abortSignal: stopping.signal, requestTimeout: 90_000 });
      if (taskToken === undefined || input === undefined) continue;
      try {
        await answer(taskToken, JSON.parse(input) as RunTask);
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
    refuse: (times) => void (refusals = times),
    passLimit: () => {
      if (passLimit === undefined) throw new Error("Expected a task to run within its limit, none does.");
      passLimit();
    },
    hasten: (times) => void (haste = times),
    inPlaceOf: (definition) => {
      const { States } = JSON.parse(definition) as { readonly States: Readonly<Record<string, { readonly Resource?: string; readonly TimeoutSeconds?: number }>> };
      const [state, ...others] = Object.values(States).filter(({ Resource }) => Resource === RUN_TASK);
      if (state === undefined || others.length > 0) throw new Error(`Expected one state that runs a task (${RUN_TASK}), got ${others.length + (state === undefined ? 0 : 1)}.`);
      declaredSeconds = state.TimeoutSeconds;
      return definition.replaceAll(RUN_TASK, activityArn ?? "");
    },
    stop: async () => {
      stopping.abort();
      if (running !== undefined) kill("SIGKILL");
      await worked;
    },
  };
}

/** The environment of a program in which waits are shorter. */
function hastened(times: number): Readonly<Record<string, string>> {
  if (times === 1) return {};
  const module = `const whole = AbortSignal.timeout.bind(AbortSignal); AbortSignal.timeout = (ms) => whole(ms < 60_000 ? ms : Math.round(ms / ${times}));`;
  return { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(module)}` };
}

function startBeside(server: Parameters<StartServer>[0], start: StartServer | undefined): ReturnType<StartServer> {
  if (start === undefined) throw new Error(`Expected a task without a server beside it, it has ${server.name}: say what stands for ${server.image}.`);
  return start(server);
}

/** As ECS tells Step Functions of a container that ended otherwise than with 0. */
const stopped = ({ code, signal }: EndedTask) => ({
  StopCode: "EssentialContainerExited", StoppedReason: "Essential container in task exited",
  Containers: [{ Name: "code", ExitCode: 0 }, { Name: "task", ExitCode: code ?? 137, ...(signal === "SIGKILL" ? { Reason: "OutOfMemoryError: Container killed due to memory usage" } : {}) }],
});

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
