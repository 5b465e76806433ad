import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Cluster } from "@pulumi/aws/ecs/cluster.js";
import { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import { ComponentResource, interpolate, type ComponentResourceOptions, type Output, type Resource } from "@pulumi/pulumi";
import { tasksName } from "../practice/contract/names.ts";
import { taskFiles } from "../practice/contract/runner.ts";
import type { TasksEntry } from "../practice/plan/entries.ts";
import type { BackupStore } from "./backup-store.ts";
import { bundleFile } from "./internal/bundle.ts";
import { imageStatements } from "./internal/image-statements.ts";
import { serviceRole } from "./internal/role.ts";
import { type Scope, tagsOf } from "./internal/scope.ts";
import { taskCode, taskHandlers } from "./internal/task-code.ts";
import { toolsFile } from "./internal/tools-archive.ts";

export interface TasksArgs {
  readonly scope: Scope;
  readonly entry: TasksEntry;
  readonly store: BackupStore;
}

/** Where a stack's tasks run: a cluster, the code in the store that each fetches, a log, and the role that starts them. */
export class Tasks extends ComponentResource {
  static readonly type = "upkeep:run:Tasks";

  readonly entry: TasksEntry;
  readonly clusterArn: Output<string>;
  readonly clusterName: Output<string>;
  readonly executionRoleArn: Output<string>;
  readonly logGroupName: Output<string>;
  /** The code, to depend on: a task without it would end at once. */
  readonly code: readonly Resource[];

  constructor(name: string, { scope, entry, store }: TasksArgs, opts?: ComponentResourceOptions) {
    super(Tasks.type, name, { entry }, opts);
    const child = { parent: this };
    const tags = tagsOf(scope, "backup");

    // Without container insights: they are billed by the metric, and alarms here look at ages and executions.
    const cluster = new Cluster(name, { name: tasksName(scope), settings: [{ name: "containerInsights", value: "disabled" }], tags }, child);

    const logs = new LogGroup(name, { name: `/aws/ecs/${tasksName(scope)}`, retentionInDays: entry.logDays, tags }, child);

    const { role } = serviceRole(`${name}-start`, {
      scope,
      area: "backup",
      service: "ecs-tasks.amazonaws.com",
      beforeWork: true,
      statements: [
        { actions: ["logs:CreateLogStream", "logs:PutLogEvents"], resources: [interpolate`${logs.arn}:*`] },
        ...imageStatements(Object.values(entry.images), scope.partition),
      ],
    }, this);

    // A locked store lets no version go before its time: an object that was deleted with the stack would fail that.
    const survives = { parent: this, retainOnDelete: true };
    const tools = toolsFile(entry.architecture);
    this.code = taskHandlers.flatMap((handler) => {
      const stored = (file: string) => ({ bucket: store.primary.bucketName, key: `${taskCode(handler)}${file}`, tags });
      return [
        new BucketObject(`${name}-${handler}`, { ...stored(taskFiles.bundle), source: bundleFile(handler) }, survives),
        new BucketObject(`${name}-${handler}-tools`, { ...stored(taskFiles.tools), source: tools.code }, {
          ...survives,
          // Where the zip is not, a preview must not say that the programs which are stored would change.
          ...(tools.isBuilt ? {} : { ignoreChanges: ["source"] }),
        }),
      ];
    });

    this.entry = entry;
    this.clusterArn = cluster.arn;
    this.clusterName = cluster.name;
    this.executionRoleArn = role.arn;
    this.logGroupName = logs.name;
    this.registerOutputs({ entry, clusterArn: this.clusterArn });
  }
}
