import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { describe, expect, it } from "vitest";
import { BackupStore } from "../../components/backup-store.ts";
import { FilesBackup } from "../../components/files-backup.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import type { FilesSettings } from "../../practice/config/settings.ts";
import { daily, entryOf, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";
import { filesSource } from "../support/settings.ts";

const backupOf = (parts: Partial<FilesSettings> = {}) => {
  const plan = planFor({ files: { uploads: filesSource({ sizeGiB: 18, backup: { schedule: daily(), keepDays: 30 }, ...parts }) } });
  const scope = scopeOf(plan);
  return previewed(() => {
    const store = new BackupStore("store", { scope, entry: entryOf(plan, "store") });
    return new FilesBackup("campus", { scope, store, entry: entryOf(plan, "files-backup") });
  });
};

const resourcesOf = async (action: string, parts: Partial<FilesSettings> = {}): Promise<readonly unknown[]> => {
  const { inputs } = (await backupOf(parts)).byName("campus", RolePolicy);
  const { Statement } = inputs.policy as unknown as { Statement: readonly { Action: readonly string[]; Resource: readonly unknown[] }[] };
  return Statement.filter(({ Action }) => Action.includes(action)).flatMap(({ Resource }) => Resource);
};

describe("FilesBackup", () => {
  it("reads the bucket that was named, and no other", async () => {
    expect(await resourcesOf("s3:GetObject")).toContain("arn:aws:s3:::campus-test-uploads/*");
    expect(await resourcesOf("s3:ListBucket")).toContain("arn:aws:s3:::campus-test-uploads");
  });

  it("may open the bucket's key where the bucket has one", async () => {
    const key = "arn:aws:kms:eu-central-1:123456789012:key/1234";
    expect(await resourcesOf("kms:Decrypt", { key })).toContain(key);
    expect(await resourcesOf("kms:Decrypt")).toHaveLength(1);
  });

  it("runs outside the network and without the database programs", async () => {
    const { inputs } = (await backupOf()).byName("campus", LambdaFunction);
    expect(inputs.vpcConfig).toBeUndefined();
    expect(inputs.layers).toEqual([]);
    expect((inputs.environment as { variables: object }).variables).toMatchObject({ UPKEEP_ENGINE: "files", UPKEEP_DATABASE: "campus-test-uploads" });
  });
});
