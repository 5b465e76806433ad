import { Plan } from "@pulumi/aws/backup/plan.js";
import { RestoreTestingPlan } from "@pulumi/aws/backup/restoreTestingPlan.js";
import { RestoreTestingSelection } from "@pulumi/aws/backup/restoreTestingSelection.js";
import { Selection } from "@pulumi/aws/backup/selection.js";
import { output, type Output, type Resource } from "@pulumi/pulumi";
import type { SnapshotsEntry } from "../../practice/plan/entries.ts";
import { backupName, restoreTestName } from "../../practice/contract/names.ts";
import { rdsRole } from "./rds-snapshot-role.ts";
import { known, type Scope, tagsOf } from "./scope.ts";
import { snapshotVault } from "./snapshot-vault.ts";

export interface RdsSnapshotsArgs {
  readonly scope: Scope;
  readonly entry: SnapshotsEntry;
  readonly of: Extract<SnapshotsEntry["of"], { readonly kind: "rds" }>;
}

/** Minutes within which AWS Backup begins; a database in its own maintenance window makes it wait. */
const START_MINUTES = 60;

/** Minutes after which a snapshot that is not finished has failed. */
const COMPLETE_MINUTES = 720;

/** Hours until a restored instance is removed again, if nobody says sooner that it is sound. */
const VALIDATION_HOURS = 4;

/** AWS Backup: snapshots with a copy in the second region, any second of the last days, and a test restore. Gives the vault's name. */
export function rdsSnapshots(name: string, { scope, entry, of }: RdsSnapshotsArgs, parent: Resource): Output<string> {
  const tags = tagsOf(scope, "backup");
  const resource = known(of.resource);
  const vaultName = backupName(scope, entry.source);

  const vault = snapshotVault(name, { scope, of, vaultName, region: scope.region }, parent);
  const copies = of.secondRegion === undefined ? undefined : snapshotVault(`${name}-copy`, { scope, of, vaultName, region: of.secondRegion }, parent);
  const { role, policy } = rdsRole(name, { scope, of, own: vault, copies: copies === undefined ? [] : [copies] }, parent);

  const when = { targetVaultName: vault.vault.name, schedule: of.schedule.expression, scheduleExpressionTimezone: of.schedule.timeZone, startWindow: START_MINUTES, completionWindow: COMPLETE_MINUTES };
  const plan = new Plan(name, {
    name: vaultName,
    rules: [
      { ...when, ruleName: "point-in-time", enableContinuousBackup: true, lifecycle: { deleteAfter: entry.pointInTimeDays } },
      {
        ...when, ruleName: "snapshots", lifecycle: { deleteAfter: entry.keepDays },
        ...(copies === undefined ? {} : { copyActions: [{ destinationVaultArn: copies.vault.arn, lifecycle: { deleteAfter: entry.keepDays } }] }),
      },
    ],
    tags,
  }, { parent });

  new Selection(name, { name: vaultName, planId: plan.id, iamRoleArn: role.arn, resources: [resource] }, { parent, dependsOn: [policy] });

  const test = new RestoreTestingPlan(name, {
    name: restoreTestName(scope, entry.source),
    scheduleExpression: of.restoreTest.expression,
    scheduleExpressionTimezone: of.restoreTest.timeZone,
    recoveryPointSelection: {
      algorithm: "LATEST_WITHIN_WINDOW", includeVaults: [vault.vault.arn], recoveryPointTypes: ["SNAPSHOT"], selectionWindowDays: entry.keepDays,
    },
    tags,
  }, { parent });

  new RestoreTestingSelection(name, {
    name: restoreTestName(scope, entry.source),
    restoreTestingPlanName: test.name,
    iamRoleArn: role.arn,
    protectedResourceType: output(resource).apply((arn) => (arn.includes(":cluster:") ? "Aurora" : "RDS")),
    protectedResourceArns: [resource],
    validationWindowHours: VALIDATION_HOURS,
  }, { parent, dependsOn: [policy] });
  return vault.vault.name;
}
