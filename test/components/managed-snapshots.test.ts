import { Plan } from "@pulumi/aws/backup/plan.js";
import { RestoreTestingPlan } from "@pulumi/aws/backup/restoreTestingPlan.js";
import { RestoreTestingSelection } from "@pulumi/aws/backup/restoreTestingSelection.js";
import { Selection } from "@pulumi/aws/backup/selection.js";
import { Vault } from "@pulumi/aws/backup/vault.js";
import { VaultLockConfiguration } from "@pulumi/aws/backup/vaultLockConfiguration.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { Key } from "@pulumi/aws/kms/key.js";
import { CloudBackupSchedule } from "@pulumi/mongodbatlas/cloudBackupSchedule.js";
import { describe, expect, it } from "vitest";
import { scopeOf } from "../../components/internal/scope.ts";
import { Maintenance } from "../../components/maintenance.ts";
import { ManagedSnapshots } from "../../components/managed-snapshots.ts";
import type { NetworkDatabase, Settings } from "../../practice/config/settings.ts";
import { daily, entryOf, monthly, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";
import { atlasDatabase, networkDatabase } from "../support/settings.ts";

const resource = "arn:aws:rds:eu-central-1:123456789012:db:campus-accounts";

const declared = (parts: Partial<Settings>) => {
  const plan = planFor(parts);
  return previewed(() => new ManagedSnapshots("campus", { scope: scopeOf(plan), entry: entryOf(plan, "snapshots") }));
};

const ofRds = (parts: Partial<Settings> = {}, arn = resource) => declared({
  databases: { accounts: networkDatabase("postgresql", { snapshots: { resource: arn, schedule: daily(), restoreTest: monthly, keepDays: 35, pointInTimeDays: 7 } }) },
  ...parts,
});

const ofAtlas = () => declared({ databases: { catalogue: atlasDatabase({ snapshots: { keepDays: 35, pointInTimeDays: 7 } }) } });

describe("ManagedSnapshots of RDS", () => {
  it("takes any second of the last days, and snapshots with a copy in the second region", async () => {
    const { inputs } = (await ofRds()).byName("campus", Plan);
    expect(inputs.rules).toMatchObject([
      { ruleName: "point-in-time", enableContinuousBackup: true, lifecycle: { deleteAfter: 7 }, schedule: "cron(30 1 * * ? *)", scheduleExpressionTimezone: "Europe/Berlin" },
      { ruleName: "snapshots", lifecycle: { deleteAfter: 35 }, copyActions: [{ lifecycle: { deleteAfter: 35 } }] },
    ]);
  });

  it("copies nothing where there is no second region", async () => {
    const preview = await ofRds({ store: {}, system: { ...planFor().system, runbooks: "https://runbooks.campus.example" } });
    expect(preview.byType(Vault)).toHaveLength(1);
    expect(JSON.stringify(preview.byName("campus", Plan).inputs)).not.toContain("copyActions");
  });

  it("takes them of the one database that was named", async () => {
    expect((await ofRds()).byName("campus", Selection).inputs.resources).toEqual([resource]);
  });

  it("keeps them in locked vaults that survive the stack, under keys of their own", async () => {
    const preview = await ofRds();
    expect(preview.byType(VaultLockConfiguration).map(({ inputs }) => inputs.minRetentionDays)).toEqual([7, 7]);
    for (const { inputs, options } of [...preview.byType(Vault), ...preview.byType(Key)]) {
      expect(options).toMatchObject({ protect: true, retainOnDelete: true });
      expect(inputs.forceDestroy).not.toBe(true);
    }
  });

  it("locks for ever only where the stack file said so twice", async () => {
    const locked = async (mode: "governance" | "compliance") =>
      (await ofRds({ store: { lock: { mode, days: 5 } } })).byType(VaultLockConfiguration).map(({ inputs }) => [inputs.minRetentionDays, inputs.changeableForDays]);
    await expect(locked("governance")).resolves.toEqual([[5, undefined]]);
    await expect(locked("compliance")).resolves.toEqual([[5, 3]]);
  });

  it("restores the newest to see that it can, and says of what kind it is", async () => {
    const preview = await ofRds();
    expect(preview.byName("campus", RestoreTestingPlan).inputs).toMatchObject({
      name: "campus_test_accounts", scheduleExpression: monthly.expression, recoveryPointSelection: { algorithm: "LATEST_WITHIN_WINDOW", recoveryPointTypes: ["SNAPSHOT"] },
    });
    const kindOf = async (arn: string) => (await ofRds({}, arn)).byName("campus", RestoreTestingSelection).inputs.protectedResourceType;
    await expect(kindOf(resource)).resolves.toBe("RDS");
    await expect(kindOf(resource.replace(":db:", ":cluster:"))).resolves.toBe("Aurora");
  });

  it("may delete only what AWS Backup made", async () => {
    const { inputs } = (await ofRds()).byName("campus", RolePolicy);
    const { Statement } = inputs.policy as unknown as { Statement: readonly { Action: readonly string[]; Resource: readonly string[] }[] };
    const deletable = Statement.filter(({ Action }) => Action.some((action) => action.includes("Delete"))).flatMap(({ Resource }) => Resource);
    expect(deletable.length).toBeGreaterThan(0);
    expect(deletable.filter((arn) => !arn.includes(":awsbackup"))).toEqual([]);
  });
});

describe("alerts of managed snapshots", () => {
  const snapshots = { resource, schedule: daily(), restoreTest: monthly, keepDays: 35, pointInTimeDays: 7 } as const;
  const settings = (parts: Partial<NetworkDatabase> = {}): Partial<Settings> => ({ databases: { accounts: networkDatabase("postgresql", { snapshots, ...parts }) }, files: {} });
  const alarms = async (parts: Partial<Settings>): Promise<readonly unknown[]> =>
    (await previewed(() => new Maintenance("campus", { plan: planFor(parts) }))).byType(MetricAlarm)
      .filter(({ inputs }) => inputs.namespace === "AWS/Backup").map(({ inputs }) => [inputs.metricName, inputs.dimensions]);
  const vault = { BackupVaultName: "campus-test-accounts-backup" };

  it("watch the vault: none, failed, not copied, not restored", async () => {
    await expect(alarms(settings())).resolves.toEqual([
      ["NumberOfBackupJobsFailed", vault], ["NumberOfCopyJobsFailed", vault], ["NumberOfRestoreJobsFailed", vault], ["NumberOfBackupJobsCompleted", vault],
    ]);
  });

  it("say nothing of copies that are not made, nor of a day without a snapshot that is weekly", async () => {
    await expect(alarms({ ...settings({ snapshots: { ...snapshots, schedule: monthly } }), store: {} })).resolves.toEqual([["NumberOfBackupJobsFailed", vault], ["NumberOfRestoreJobsFailed", vault]]);
  });

  it("are there for a system that dumps too", async () => {
    await expect(alarms(settings({ backup: { schedule: daily(), keepDays: 30 } }))).resolves.toHaveLength(4);
  });

  it("are Atlas's own where Atlas takes the snapshots", () => {
    const plan = planFor({ databases: { catalogue: atlasDatabase({ snapshots: { keepDays: 35, pointInTimeDays: 7 } }) } });
    expect(plan.entries.filter(({ name }) => name.includes("snapshot-"))).toEqual([]);
  });
});

it("ManagedSnapshots of Atlas say the hourly item again, or Atlas takes the policy away", async () => {
  const { inputs, options } = (await ofAtlas()).byName("campus", CloudBackupSchedule);
  expect(inputs).toMatchObject({
    clusterName: "campus-test", restoreWindowDays: 7,
    policyItemHourly: { frequencyInterval: 6, retentionUnit: "days", retentionValue: 7 }, policyItemDaily: { frequencyInterval: 1, retentionValue: 35 },
  });
  expect(options.protect).toBe(true);
});
