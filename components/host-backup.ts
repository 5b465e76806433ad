import { LogStream } from "@pulumi/aws/cloudwatch/logStream.js";
import { Association } from "@pulumi/aws/ssm/association.js";
import { Document } from "@pulumi/aws/ssm/document.js";
import { ComponentResource, jsonStringify, output, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { backupEnvironment, hostEnvironment } from "../practice/contract/environment.ts";
import { backupName } from "../practice/contract/names.ts";
import { taskHours } from "../practice/contract/runner.ts";
import type { HostBackupEntry } from "../practice/plan/entries.ts";
import type { BackupStore } from "./backup-store.ts";
import type { Hosts } from "./hosts.ts";
import { failedRuns } from "./internal/failed-runs.ts";
import { HOST_FOLDER, hostScript } from "./internal/host-script.ts";
import { known, type Scope, tagsOf } from "./internal/scope.ts";

export interface HostBackupArgs {
  readonly scope: Scope;
  readonly entry: HostBackupEntry;
  readonly store: BackupStore;
  readonly hosts: Hosts;
}

/** The program ends by itself after its hours; what does not end then is killed this much later. */
const KILL_AFTER_SECONDS = 1800;

/** A database or a folder of a machine, backed up by that machine: association -> document -> the same program -> store. */
export class HostBackup extends ComponentResource {
  static readonly type = "upkeep:backup:HostBackup";

  /** Where runs that failed are told. */
  readonly failedQueueName: Output<string>;

  constructor(name: string, { scope, entry, store, hosts }: HostBackupArgs, opts?: ComponentResourceOptions) {
    super(HostBackup.type, name, { entry }, opts);
    const child = { parent: this };
    const tags = tagsOf(scope, "backup");
    const resourceName = backupName(scope, entry.source);
    const host = hosts.entry.hosts.find((one) => one.name === entry.host);
    const rights = hosts.rights.get(entry.host);
    if (host === undefined || rights === undefined) throw new Error(`Expected ${entry.host}, on which ${entry.source} lies, among the machines of Hosts, it is not.`);

    const stream = new LogStream(name, { name: entry.source, logGroupName: hosts.logGroupName }, child);

    const { bundle, tools } = hosts.code;
    const script = output({
      folder: HOST_FOLDER,
      node: host.node ?? "node",
      bundle,
      ...(tools === undefined || entry.engine === "files" ? {} : { tools }),
      environment: {
        AWS_REGION: scope.region,
        [backupEnvironment.system]: scope.system.name,
        [backupEnvironment.stack]: scope.stack,
        [backupEnvironment.source]: entry.source,
        [backupEnvironment.bucket]: store.primary.bucketName,
        [backupEnvironment.engine]: entry.engine,
        [backupEnvironment.database]: entry.database,
        [backupEnvironment.sizeGiB]: String(entry.sizeGiB),
        ...(entry.secret === undefined ? {} : { [backupEnvironment.secret]: known(entry.secret) }),
        ...(entry.port === undefined ? {} : { [backupEnvironment.port]: String(entry.port) }),
        ...(entry.content === undefined ? {} : { [backupEnvironment.content]: entry.content }),
        ...(entry.exports === undefined ? {} : { [backupEnvironment.exports]: JSON.stringify(entry.exports) }),
        [hostEnvironment.schedule]: entry.schedule.expression,
        [hostEnvironment.timeZone]: entry.schedule.timeZone,
        [hostEnvironment.logGroup]: hosts.logGroupName,
        [hostEnvironment.logStream]: stream.name,
      },
    }).apply(hostScript);

    const document = new Document(name, {
      name: resourceName,
      documentType: "Command",
      documentFormat: "JSON",
      content: jsonStringify({
        schemaVersion: "2.2",
        description: `Backs up ${entry.source} of ${entry.host}, where a run is due`,
        mainSteps: [{
          name: "backup", action: "aws:runShellScript",
          inputs: { timeoutSeconds: String(taskHours * 3600 + KILL_AFTER_SECONDS), runCommand: script.apply((text) => text.split("\n")) },
        }],
      }),
      tags,
    }, child);

    const association = new Association(name, {
      associationName: resourceName,
      name: document.name,
      targets: [{ key: "InstanceIds", values: [known(host.instanceId)] }],
      scheduleExpression: `rate(${entry.everyMinutes} minutes)`,
      complianceSeverity: "HIGH",
      tags,
    }, { ...child, dependsOn: [rights] });

    const failed = failedRuns(name, { scope, resourceName, associationId: association.associationId }, this);

    this.failedQueueName = failed.name;
    // A policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ entry, failedQueueName: this.failedQueueName });
  }
}
