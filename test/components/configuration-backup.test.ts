import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { describe, expect, it } from "vitest";
import { BackupStore } from "../../components/backup-store.ts";
import { ConfigurationBackup } from "../../components/configuration-backup.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import type { ConfigurationSettings } from "../../practice/config/settings.ts";
import { daily, entryOf, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";

const backupOf = (parts: Partial<ConfigurationSettings> = {}) => {
  const plan = planFor({ configuration: { backup: { schedule: daily(20), keepDays: 30 }, parameters: ["/campus/test/"], ...parts } });
  const scope = scopeOf(plan);
  return previewed(() => {
    const store = new BackupStore("store", { scope, entry: entryOf(plan, "store") });
    return new ConfigurationBackup("campus", { scope, store, entry: entryOf(plan, "configuration-backup") });
  });
};

const resourcesOf = async (action: string, parts: Partial<ConfigurationSettings> = {}): Promise<readonly unknown[]> => {
  const { inputs } = (await backupOf(parts)).byName("campus", RolePolicy);
  const { Statement } = inputs.policy as unknown as { Statement: readonly { Action: readonly string[]; Resource: readonly unknown[] }[] };
  return Statement.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
};

describe("ConfigurationBackup", () => {
  it("reads the parameters below the named paths, and describes the secrets that the plan names", async () => {
    expect(await resourcesOf("ssm:GetParametersByPath")).toEqual(["arn:aws:ssm:eu-central-1:123456789012:parameter/campus/test/*"]);
    expect(await resourcesOf("secretsmanager:DescribeSecret")).toContain("arn:aws:secretsmanager:eu-central-1:123456789012:secret:campus/test/postgresql-??????");
    expect(await resourcesOf("ssm:GetParametersByPath", { parameters: [] })).toEqual([]);
  });

  it("can read the value of no secret", async () => {
    for (const action of ["secretsmanager:GetSecretValue", "ssm:GetParameter"]) expect(await resourcesOf(action)).toEqual([]);
    // The key of the store alone.
    expect(await resourcesOf("kms:Decrypt")).toHaveLength(1);
  });

  it("reads the state of just this stack, where a bucket holds it", async () => {
    const state = { stateBucket: "campus-pulumi-state", stateKey: "arn:aws:kms:eu-central-1:123456789012:key/1234" };
    const objects = (await resourcesOf("s3:GetObject", state)).filter((resource) => String(resource).includes("campus-pulumi-state"));
    expect(objects).toEqual([expect.stringMatching(/^arn:aws:s3:::campus-pulumi-state\/\.pulumi\/stacks\/[\w-]+\/[\w-]+\.json$/), expect.stringMatching(/\.json\.gz$/)]);
    expect(await resourcesOf("s3:ListBucket", state)).toContain("arn:aws:s3:::campus-pulumi-state");
    expect(await resourcesOf("kms:Decrypt", state)).toContain(state.stateKey);
    expect((await resourcesOf("s3:ListBucket")).map(String).filter((resource) => resource.includes("pulumi"))).toEqual([]);
  });

  it("runs its own code, outside the network and without the database programs", async () => {
    const { inputs } = (await backupOf()).byName("campus", LambdaFunction);
    expect(inputs.vpcConfig).toBeUndefined();
    expect(inputs.layers).toEqual([]);
    expect((inputs.environment as { variables: object }).variables).toMatchObject({
      UPKEEP_SOURCE: "configuration", UPKEEP_PARAMETERS: '["/campus/test/"]', UPKEEP_SECRETS: '["campus/test/postgresql","campus/test/mongodb","campus/test/redis"]',
    });
  });
});
