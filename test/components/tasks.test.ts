import { LogGroup } from "@pulumi/aws/cloudwatch/logGroup.js";
import { Cluster } from "@pulumi/aws/ecs/cluster.js";
import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { BucketObject } from "@pulumi/aws/s3/bucketObject.js";
import { output } from "@pulumi/pulumi";
import { describe, expect, it } from "vitest";
import type { BackupStore } from "../../components/backup-store.ts";
import { imageStatements } from "../../components/internal/image-statements.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import { taskDefinition } from "../../components/internal/task-definition.ts";
import { Tasks } from "../../components/tasks.ts";
import { codePrefix } from "../../practice/contract/runner.ts";
import { dumpTask } from "../../practice/plan/runner.ts";
import { campus, entryOf, planFor } from "../support/campus.ts";
import { fargate } from "../support/fargate.ts";
import { previewed } from "../support/preview.ts";

const plan = planFor({ system: { ...campus().system, fargate } });
const scope = scopeOf(plan);

/** A store that is there already: what the text of a definition says can be read. */
const store = {
  primary: { region: "eu-central-1", bucketName: output("campus-backups"), bucketArn: output("arn:aws:s3:::campus-backups"), keyArn: output("arn:aws:kms:eu-central-1:123456789012:key/1") },
} as unknown as BackupStore;

const tasksOf = () => previewed(() => new Tasks("campus-tasks", { scope, entry: entryOf(plan, "tasks"), store }));

/** A definition whose cluster and log exist, so that its text is known. */
const defined = async () => {
  const found = await previewed(() => {
    const tasks = { entry: entryOf(plan, "tasks"), executionRoleArn: output("arn:aws:iam::123456789012:role/start"), logGroupName: output("/aws/ecs/campus-test-tasks"), code: [] };
    return taskDefinition("campus-accounts", {
      scope, area: "backup", tasks: tasks as unknown as Tasks, store, handler: "backup", family: "campus-test-accounts-backup", shape: { ...dumpTask(4), ephemeralGiB: 30 },
      environment: { UPKEEP_SOURCE: "accounts" }, statements: [{ actions: ["s3:PutObject"], resources: ["arn:aws:s3:::campus-backups/campus/*"] }],
      sidecars: [{ name: "scratch", image: fargate.images.postgresql ?? "", folders: { data: "/var/lib/postgresql" } }],
    }, undefined as never);
  });
  const { inputs } = found.byName("campus-accounts", TaskDefinition);
  return { found, inputs, containers: JSON.parse(inputs.containerDefinitions as string) as readonly Container[] };
};

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly image: string;
  readonly dependsOn?: readonly object[];
  readonly readonlyRootFilesystem: boolean;
  readonly environment: readonly object[];
}

describe("Tasks", () => {
  it("is a cluster, a log that ends, and the code in the store, which outlives the stack", async () => {
    const { byName, byType } = await tasksOf();
    expect(byName("campus-tasks", Cluster).inputs).toMatchObject({ name: "campus-test-tasks" });
    expect(byName("campus-tasks", LogGroup).inputs).toMatchObject({ name: "/aws/ecs/campus-test-tasks", retentionInDays: 90 });
    expect(byType(BucketObject).map(({ inputs, options }) => [inputs.key, options.retainOnDelete])).toEqual([
      [`${codePrefix}backup/index.mjs`, true], [`${codePrefix}backup/tools.zip`, true],
      [`${codePrefix}drill/index.mjs`, true], [`${codePrefix}drill/tools.zip`, true],
    ]);
  });

  it("starts tasks with the right to write their log, and no other where everybody may have the images", async () => {
    const { byName } = await tasksOf();
    const { Statement } = byName("campus-tasks-start", RolePolicy).inputs.policy as { Statement: readonly { Action: readonly string[] }[] };
    expect(Statement.map(({ Action }) => Action)).toEqual([["logs:CreateLogStream", "logs:PutLogEvents"]]);
  });

  it("fetches images of the account's own registry by name", () => {
    const image = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/upkeep/node@sha256:${"1".repeat(64)}`;
    expect(imageStatements([image, image.replace("node@", "aws-cli:2.31.0@"), fargate.images.node], "aws")).toEqual([
      { actions: ["ecr:GetAuthorizationToken"], resources: ["*"] },
      {
        actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        resources: ["arn:aws:ecr:eu-central-1:123456789012:repository/upkeep/node", "arn:aws:ecr:eu-central-1:123456789012:repository/upkeep/aws-cli"],
      },
    ]);
  });
});

describe("taskDefinition", () => {
  it("fetches the code first, and runs the bundle's program when it is there", async () => {
    const { containers } = await defined();
    expect(containers.map(({ name, command }) => [name, command])).toEqual([
      ["code", ["s3", "cp", "--recursive", "--no-progress", "s3://campus-backups/.code/backup/", "/upkeep"]],
      ["scratch", undefined],
      ["task", ["node", "--input-type=module", "--eval", 'import("/upkeep/index.mjs").then(({ task }) => task())']],
    ]);
    expect(containers.at(-1)?.dependsOn).toEqual([{ containerName: "code", condition: "SUCCESS" }, { containerName: "scratch", condition: "START" }]);
  });

  it("runs images by their digest, writes only to its own volumes but for the server beside it, and holds no secret", async () => {
    const { containers, inputs } = await defined();
    expect(containers.map(({ image }) => image)).toEqual([fargate.images.awsCli, fargate.images.postgresql, fargate.images.node]);
    expect(containers.map(({ readonlyRootFilesystem }) => readonlyRootFilesystem)).toEqual([true, false, true]);
    expect(inputs.volumes).toEqual([{ name: "code" }, { name: "tmp" }, { name: "data" }]);
    expect(containers.at(-1)?.environment).toEqual([{ name: "UPKEEP_SOURCE", value: "accounts" }, { name: "AWS_REGION", value: "eu-central-1" }]);
  });

  it("has the size that its plan gives it", async () => {
    const { inputs } = await defined();
    expect(inputs).toMatchObject({
      cpu: "2048", memory: "4096", ephemeralStorage: { sizeInGib: 30 }, requiresCompatibilities: ["FARGATE"], networkMode: "awsvpc",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
    });
  });

  it("may do what its function may, and read its own code", async () => {
    const { found } = await defined();
    const { Statement } = found.byName("campus-accounts-task", RolePolicy).inputs.policy as { Statement: readonly object[] };
    expect(Statement).toEqual([
      { Effect: "Allow", Action: ["s3:PutObject"], Resource: ["arn:aws:s3:::campus-backups/campus/*"] },
      { Effect: "Allow", Action: ["s3:GetObject"], Resource: ["arn:aws:s3:::campus-backups/.code/backup/*"] },
    ]);
  });

  it("takes its role for this account only", async () => {
    const { found } = await defined();
    expect(found.byName("campus-accounts-task", Role).inputs.assumeRolePolicy).toMatchObject({
      Statement: [{ Principal: { Service: "ecs-tasks.amazonaws.com" }, Condition: { StringEquals: { "aws:SourceAccount": "123456789012" } } }],
    });
  });
});
