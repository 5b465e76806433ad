import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { describe, expect, it } from "vitest";
import { BackupStore } from "../../components/backup-store.ts";
import { RepositoryBackup } from "../../components/repository-backup.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import type { RepositorySettings } from "../../practice/config/settings.ts";
import { daily, entryOf, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";

const key = "arn:aws:kms:eu-central-1:123456789012:key/1234";

const backupOf = (parts: Partial<RepositorySettings> = {}) => {
  const plan = planFor({ repositories: { shop: { url: "https://github.com/acme/shop.git", sizeGiB: 1, backup: { schedule: daily(20), keepDays: 30 }, verify: {}, ...parts } } });
  const scope = scopeOf(plan);
  return previewed(() => {
    const store = new BackupStore("store", { scope, entry: entryOf(plan, "store") });
    return new RepositoryBackup("shop", { scope, store, entry: entryOf(plan, "repository-backup") });
  });
};

const resourcesOf = async (action: string, parts: Partial<RepositorySettings> = {}): Promise<readonly unknown[]> => {
  const { inputs } = (await backupOf(parts)).byName("shop", RolePolicy);
  const { Statement } = inputs.policy as unknown as { Statement: readonly { Action: readonly string[]; Resource: readonly unknown[] }[] };
  return Statement.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
};

describe("RepositoryBackup", () => {
  it("reads the one secret that holds its token, and none where it is public", async () => {
    expect(await resourcesOf("secretsmanager:GetSecretValue", { secret: "campus/test/github" })).toEqual(["arn:aws:secretsmanager:eu-central-1:123456789012:secret:campus/test/github-??????"]);
    expect(await resourcesOf("secretsmanager:GetSecretValue")).toEqual([]);
  });

  it("opens the secret's own key where it has one, beside the store's", async () => {
    expect(await resourcesOf("kms:Decrypt", { secret: "campus/test/github", secretKey: key })).toContain(key);
    expect(await resourcesOf("kms:Decrypt", { secret: "campus/test/github" })).toHaveLength(1);
  });

  it("runs the code of every backup, outside the network and without the database programs", async () => {
    const { inputs } = (await backupOf({ secret: "campus/test/github" })).byName("shop", LambdaFunction);
    expect(inputs.vpcConfig).toBeUndefined();
    expect(inputs.layers).toEqual([]);
    const { variables } = inputs.environment as { variables: Readonly<Record<string, string>> };
    expect(variables).toMatchObject({ UPKEEP_SOURCE: "shop", UPKEEP_ENGINE: "repository", UPKEEP_DATABASE: "https://github.com/acme/shop.git", UPKEEP_SECRET: "campus/test/github" });
    expect((await backupOf()).byName("shop", LambdaFunction).inputs.environment).not.toHaveProperty("variables.UPKEEP_SECRET");
  });
});
