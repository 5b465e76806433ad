import { Function as LambdaFunction } from "@pulumi/aws/lambda/function.js";
import { Schedule } from "@pulumi/aws/scheduler/schedule.js";
import { StateMachine } from "@pulumi/aws/sfn/stateMachine.js";
import type { PolicyResource, StackValidationPolicy } from "@pulumi/policy";
import { backupKinds, backupsOf, sourceOf } from "./internal/backups.ts";
import { componentsOf, componentTypes, isBelow } from "./internal/components.ts";
import { referred } from "./internal/edges.ts";
import { hostChain, isHostBackup, type Link, missingLink } from "./internal/host-backups.ts";
import { eachKnown } from "./internal/known.ts";
import { type Database, entriesOf, plansOf } from "./internal/plan.ts";
import { backupStores } from "./internal/stores.ts";

/** Engines that hold what cannot be computed again, with the catalog item that a decision may name instead of a backup. */
const dailyItems: Readonly<Record<string, string>> = {
  "mongodb-atlas": "backup.mongodb.daily",
  mongodb: "backup.mongodb.daily",
  postgresql: "backup.postgresql.daily",
};

export const databasesHaveBackups: StackValidationPolicy = {
  name: "databases-have-backups",
  description: "Every database has a backup: a schedule that starts a state machine that runs a function that writes to a backup store, or on its host an association that runs a document that does, or snapshots of its provider.",
  enforcementLevel: "mandatory",
  severity: "critical",
  remediationSteps: "Give the database a backup in the stack file, or answer its catalog item in upkeep:notApplicable.",
  validateStack: ({ resources, notApplicable }, report) => {
    const plans = plansOf(resources);
    const backups = backupsOf(resources);
    if (backups.length === 0 && plans.length === 0) notApplicable("The stack declares neither a plan nor a backup.");

    const planned = entriesOf(resources, ...backupKinds);
    const snapshots = entriesOf(resources, "snapshots");
    for (const plan of plans) {
      const answered = plan.items.filter((item) => item.notApplicable !== undefined).map(({ id }) => id);
      const bare = ({ name, engine }: Database): boolean => {
        const item = dailyItems[engine];
        return item !== undefined && !answered.includes(item) && ![...planned, ...snapshots].some(({ source }) => source === name);
      };
      for (const { from } of plan.databases.filter(bare)) {
        report(`Expected a backup of ${from}, found none in the plan. Write ${from}.backup, or answer the catalog item in upkeep:notApplicable.`);
      }
    }
    for (const { source, from } of planned.filter((entry) => !backups.some((backup) => sourceOf(backup) === entry.source))) {
      report(`Expected the component that backs up ${source ?? "a source"} (${from}), found none. Declare what the plan says.`);
    }
    const taken = componentsOf(resources, componentTypes.managedSnapshots).filter((component) => resources.some((resource) => takesSnapshots(resource) && isBelow(resource, component)));
    for (const { source, from } of snapshots.filter((entry) => !taken.some((component) => sourceOf(component) === entry.source))) {
      report(`Expected the component that has snapshots of ${source ?? "a database"} taken (${from}), found none. Declare what the plan says.`);
    }
    eachKnown(backups, (backup) => judgeChain(backup, resources, (message) => report(message, backup.urn)));
  },
};

/** What tells a provider to take them: a choice of what AWS Backup's plan is for, or the schedule of an Atlas cluster. */
const takesSnapshots = ({ type }: PolicyResource): boolean =>
  ["aws:backup/selection:Selection", "mongodbatlas:index/cloudBackupSchedule:CloudBackupSchedule"].includes(type);

function judgeChain(backup: PolicyResource, resources: readonly PolicyResource[], report: (message: string) => void): void {
  if (isHostBackup(backup)) {
    tellMissing(backup, hostChain(backup, resources), report);
    return;
  }
  const own = resources.filter((resource) => isBelow(resource, backup));
  const schedules = own.filter((resource) => resource.isType(Schedule));
  const machines = schedules.flatMap((schedule) => referred(schedule, StateMachine, "target"));
  const functions = machines.flatMap((machine) => referred(machine, LambdaFunction, "definition"));
  const stores = backupStores(resources);
  const writes = functions.some(({ dependencies }) => dependencies.some(({ urn }) => stores.some((store) => store.urn === urn)));

  tellMissing(backup, [
    { what: "a schedule", ok: schedules.length > 0 },
    { what: "a state machine that the schedule starts", ok: machines.length > 0 },
    { what: "a function that the state machine runs", ok: functions.length > 0 },
    { what: "a backup store that the function writes to", ok: writes },
  ], report);

  for (const { name } of schedules.filter((schedule) => schedule.asType(Schedule)?.state === "DISABLED")) {
    report(`Expected the schedule ${name} to be enabled, got DISABLED. Remove its state: a pause is forgotten.`);
  }
}

function tellMissing({ name }: PolicyResource, links: readonly Link[], report: (message: string) => void): void {
  const missing = missingLink(links);
  if (missing !== undefined) report(`Expected ${name} to have ${missing}, found none. Connect them by their outputs.`);
}
