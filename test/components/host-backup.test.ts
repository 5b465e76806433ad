import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { daily } from "../support/campus.ts";
import { ACCOUNT, declareStack, type DeclaredStack } from "../support/iam/declared-stack.ts";

const backup = { schedule: daily(), keepDays: 30 };

describe("HostBackup", () => {
  let stack: DeclaredStack;
  let script: string;
  beforeAll(async () => {
    stack = await declareStack({
      hosts: { "web-1": { instanceId: "mi-0a1b2c3d4e5f60718", role: "campus-web", node: "/opt/node/bin/node" } },
      repositories: {},
      configuration: { backup, parameters: [] },
      files: { uploads: { host: "web-1", path: "/app/user's uploads", sizeGiB: 8, verify: {}, backup } },
    });
    const { content } = stack.the("aws:ssm/document:Document", "campus-uploads").inputs;
    const { mainSteps } = JSON.parse(String(content)) as { readonly mainSteps: readonly { readonly action: string; readonly inputs: { readonly runCommand: readonly string[] } }[] };
    expect(mainSteps.map(({ action }) => action)).toEqual(["aws:runShellScript"]);
    script = mainSteps[0]?.inputs.runCommand.join("\n") ?? "";
  });

  it("gives SSM a script that bash takes, with the bundle by its version and its SHA-256, and nothing that SSM would replace", () => {
    execFileSync("bash", ["-n"], { input: script });
    expect(String(stack.the("aws:ssm/document:Document", "campus-uploads").inputs.content)).not.toContain("{{");
    const sha256 = createHash("sha256").update(readFileSync("dist/handlers/backup/index.mjs")).digest("hex");
    expect(script).toContain(`bundle_sha256='${sha256}'`);
    // No database lies on it.
    expect(script).toContain("tools_sha256=''");
    expect(script).toContain("node='/opt/node/bin/node'");
    expect(script).toContain(String.raw`export UPKEEP_DATABASE='/app/user'\''s uploads'`);
    expect(script).toContain("export UPKEEP_SCHEDULE='cron(30 1 * * ? *)'");
    expect(script).toContain("export UPKEEP_TIME_ZONE='Europe/Berlin'");
    expect(stack.the("aws:s3/bucketObject:BucketObject", "campus-hosts-bundle").inputs).toMatchObject({ key: ".code/hosts/index.mjs", metadata: { sha256 } });
  });

  it("asks every half hour on just that machine, and is a fault of its compliance when it fails", () => {
    expect(stack.the("aws:ssm/association:Association", "campus-uploads").inputs).toMatchObject({
      scheduleExpression: "rate(30 minutes)", complianceSeverity: "HIGH", targets: [{ key: "InstanceIds", values: ["mi-0a1b2c3d4e5f60718"] }],
    });
  });

  it("has State Manager tell a queue of failed runs, and an alarm count them", () => {
    const { associationId } = stack.the("aws:ssm/association:Association", "campus-uploads").outputs;
    const { eventPattern } = stack.the("aws:cloudwatch/eventRule:EventRule", "campus-uploads").inputs;
    expect(JSON.parse(String(eventPattern))).toMatchObject({ source: ["aws.ssm"], detail: { "association-id": [associationId] } });
    expect(stack.the("aws:cloudwatch/metricAlarm:MetricAlarm", "campus-uploads-failed").inputs).toMatchObject({
      namespace: "AWS/SQS", metricName: "NumberOfMessagesSent", dimensions: { QueueName: "campus-test-uploads-backup" },
    });
  });

  it("gives what the machine may do to the role that it has", () => {
    expect(stack.the("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "campus-hosts-web-1").inputs).toEqual({
      role: "campus-web", policyArn: `arn:aws:iam::${ACCOUNT}:policy/campus-test-hosts-web-1`,
    });
  });
});
