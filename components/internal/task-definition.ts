import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import type { Role } from "@pulumi/aws/iam/role.js";
import { interpolate, jsonStringify, type Input, type Resource } from "@pulumi/pulumi";
import { taskFolder, taskStopSeconds } from "../../practice/contract/runner.ts";
import type { TaskShape } from "../../practice/plan/entries.ts";
import type { BackupStore } from "../backup-store.ts";
import type { Tasks } from "../tasks.ts";
import { serviceRole, type Statement } from "./role.ts";
import { type Scope, type TagArea, tagsOf } from "./scope.ts";
import { fetchCommand, runCommand, taskCode, type TaskHandler } from "./task-code.ts";

/** The container that runs our bundle: whoever starts a task gives it the time of its run. */
export const MAIN_CONTAINER = "task";

/** A server of an official image beside our program. All containers of a task share its network: it listens on localhost. */
export interface Sidecar {
  readonly name: string;
  /** By its digest. */
  readonly image: string;
  readonly command?: readonly string[];
  /** No secret: who may describe the definition reads it. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Where its data goes, by the name of an empty volume for each. Fargate makes them root's: who begins in them as another user cannot write. */
  readonly folders: Readonly<Record<string, string>>;
}

export interface TaskDefinitionArgs {
  readonly scope: Scope;
  readonly area: TagArea;
  readonly tasks: Tasks;
  readonly store: BackupStore;
  readonly handler: TaskHandler;
  /** Name of the definition in AWS, and of its log streams. */
  readonly family: string;
  readonly shape: TaskShape;
  /** As the same handler's function has it. */
  readonly environment: Readonly<Record<string, Input<string>>>;
  /** As the same handler's function has them. */
  readonly statements: readonly Statement[];
  readonly sidecars?: readonly Sidecar[];
}

export interface DefinedTask {
  readonly definition: TaskDefinition;
  /** What runs in it is taken for. */
  readonly role: Role;
}

/**
 * A task that does what the handler's function does, without its 15 minutes: one container fetches the bundle and the
 * database programs from the store, another runs them, with servers beside it where it needs some.
 */
export function taskDefinition(name: string, args: TaskDefinitionArgs, parent: Resource): DefinedTask {
  const { scope, area, tasks, store, handler, family, shape, sidecars = [] } = args;
  const { images, architecture } = tasks.entry;
  const bucket = store.primary;

  const { role, policy } = serviceRole(`${name}-task`, {
    scope,
    area,
    service: "ecs-tasks.amazonaws.com",
    statements: [
      ...args.statements,
      // To list it and to decrypt it, every handler of the store may already.
      { actions: ["s3:GetObject"], resources: [interpolate`${bucket.bucketArn}/${taskCode(handler)}*`] },
    ],
  }, parent);

  const logs = (stream: string) => ({
    logDriver: "awslogs",
    options: { "awslogs-group": tasks.logGroupName, "awslogs-region": scope.region, "awslogs-stream-prefix": `${family}-${stream}` },
  });
  const variables = (environment: Readonly<Record<string, Input<string>>>) =>
    Object.entries(environment).map(([variable, value]) => ({ name: variable, value }));
  const mounts = (folders: Readonly<Record<string, string>>) =>
    Object.entries(folders).map(([sourceVolume, containerPath]) => ({ sourceVolume, containerPath, readOnly: false }));

  const fetch = {
    name: "code", image: images.awsCli, essential: false, readonlyRootFilesystem: true,
    command: bucket.bucketName.apply((named) => fetchCommand(named, handler)),
    // What it would keep below its home goes where it may write.
    environment: variables({ AWS_REGION: scope.region, HOME: "/tmp" }),
    mountPoints: mounts({ code: taskFolder, tmp: "/tmp" }), logConfiguration: logs("code"),
  };
  const servers = sidecars.map((sidecar) => ({
    // One that ends is our program's to tell, with what it found: an essential one would take the program with it.
    name: sidecar.name, image: sidecar.image, essential: false,
    // Unlike ours. An official image hands its folders to a user of its own and goes on as that one, with a socket and files
    // in its /tmp; over a root that is read only lies a /tmp of Fargate's, which is root's alone. See docs/decisions/0018.
    readonlyRootFilesystem: false,
    ...(sidecar.command === undefined ? {} : { command: sidecar.command }),
    environment: variables(sidecar.environment ?? {}), mountPoints: mounts(sidecar.folders), logConfiguration: logs(sidecar.name),
  }));
  const main = {
    name: MAIN_CONTAINER, image: images.node, essential: true, readonlyRootFilesystem: true,
    command: runCommand,
    environment: variables({ ...args.environment, AWS_REGION: scope.region }),
    mountPoints: mounts({ code: taskFolder, tmp: "/tmp" }), logConfiguration: logs("task"),
    dependsOn: [
      { containerName: fetch.name, condition: "SUCCESS" },
      ...servers.map((server) => ({ containerName: server.name, condition: "START" })),
    ],
    // Programs that our own program started, and that outlive it, are ended with it.
    linuxParameters: { initProcessEnabled: true },
    stopTimeout: taskStopSeconds,
  };

  const definition = new TaskDefinition(name, {
    family,
    requiresCompatibilities: ["FARGATE"],
    networkMode: "awsvpc",
    runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: architecture.toUpperCase() },
    cpu: String(shape.cpuUnits),
    memory: String(shape.memoryMegabytes),
    ...(shape.ephemeralGiB === undefined ? {} : { ephemeralStorage: { sizeInGib: shape.ephemeralGiB } }),
    executionRoleArn: tasks.executionRoleArn,
    taskRoleArn: role.arn,
    volumes: [...new Set(["code", "tmp", ...sidecars.flatMap(({ folders }) => Object.keys(folders))])].map((volume) => ({ name: volume })),
    containerDefinitions: jsonStringify([fetch, ...servers, main]),
    tags: tagsOf(scope, area),
  }, { parent, dependsOn: [policy, ...tasks.code] });

  return { definition, role };
}
