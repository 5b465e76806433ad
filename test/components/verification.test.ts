import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { Queue } from "@pulumi/aws/sqs/queue.js";
import { describe, expect, it } from "vitest";
import { BackupStore } from "../../components/backup-store.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import { Verification } from "../../components/verification.ts";
import { entryOf, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";

const verificationOf = (source: string, toolsLayer?: null) => {
  const plan = planFor();
  const scope = scopeOf(plan);
  const { toolsLayer: published, ...entry } = entryOf(plan, "verification", `${source}-verify`);
  return previewed(() => {
    const store = new BackupStore("store", { scope, entry: entryOf(plan, "store") });
    return new Verification("check", { scope, store, entry: toolsLayer === null || published === undefined ? entry : { ...entry, toolsLayer: published } });
  });
};

describe("Verification", () => {
  it("calls one function on a schedule for each level, which says the level and its own time", async () => {
    const { byName, byType } = await verificationOf("accounts");
    expect(byType(Schedule)).toHaveLength(2);
    for (const [level, name, expression] of [["checksums", "campus-test-accounts-sums", "cron(0 6 * * ? *)"], ["decode", "campus-test-accounts-decode", "cron(0 5 ? * SUN *)"]] as const) {
      const { inputs } = byName(`check-${level}`, Schedule);
      expect(inputs).toMatchObject({ name, scheduleExpression: expression, scheduleExpressionTimezone: "Europe/Berlin" });
      const { input } = inputs.target as { readonly input: string };
      expect(JSON.parse(input)).toEqual({ scheduledTime: "<aws.scheduler.scheduled-time>", level });
    }
    expect(byName("check", Queue).inputs.name).toBe("campus-test-accounts-verify");
  });

  it("tells the function whose backups it checks, and for how long they are kept", async () => {
    const { inputs } = (await verificationOf("uploads")).byName("check", LambdaFunction);
    expect((inputs.environment as { variables: object }).variables).toMatchObject({
      UPKEEP_SYSTEM: "campus", UPKEEP_STACK: "test", UPKEEP_SOURCE: "uploads", UPKEEP_ENGINE: "files", UPKEEP_KEEP_DAYS: "30", UPKEEP_REPLICA_REGION: "eu-west-1",
    });
    expect(inputs.vpcConfig).toBeUndefined();
  });

  it("gives pg_restore to the checks of PostgreSQL, and no program to the others", async () => {
    const layers = async (source: string) => (await verificationOf(source)).byName("check", LambdaFunction).inputs.layers;
    expect(await layers("accounts")).toEqual(["arn:aws:lambda:eu-central-1:123456789012:layer:upkeep-tools:1"]);
    expect(await layers("catalogue")).toEqual([]);
    expect(await layers("uploads")).toEqual([]);
    await expect(verificationOf("accounts", null)).rejects.toThrow("Expected a layer with pg_restore for the checks of accounts, got none");
  });

  it("lets it write the evidence of its source, and nothing else in the store", async () => {
    const { inputs } = (await verificationOf("accounts")).byName("check", RolePolicy);
    const { Statement } = inputs.policy as unknown as { Statement: readonly { Action: readonly string[] }[] };
    expect(Statement.filter(({ Action }) => Action.some((action) => action.startsWith("s3:Put") || action.startsWith("s3:Delete"))).map(({ Action }) => Action)).toEqual([["s3:PutObject"]]);
  });
});
