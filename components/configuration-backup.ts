import { ComponentResource, getProject, getStack, interpolate, jsonStringify, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { configurationEnvironment } from "../practice/contract/environment.ts";
import { backupName, scopeName } from "../practice/contract/names.ts";
import { backupConfigurationGrants } from "../practice/contract/permissions.ts";
import type { ConfigurationBackupEntry } from "../practice/plan/entries.ts";
import type { BackupStore } from "./backup-store.ts";
import { arn, bucketArn, secretArn } from "./internal/arn.ts";
import type { GrantTargets } from "./internal/grants.ts";
import { scheduledBackup } from "./internal/scheduled-backup.ts";
import { known, type Scope } from "./internal/scope.ts";
import { sourceTargets } from "./internal/store-targets.ts";

export interface ConfigurationBackupArgs {
  readonly scope: Scope;
  readonly entry: ConfigurationBackupEntry;
  readonly store: BackupStore;
}

/** What the stack needs to be rebuilt, on schedule, into the store: names, settings and definitions, and no secret value. */
export class ConfigurationBackup extends ComponentResource {
  static readonly type = "upkeep:backup:ConfigurationBackup";

  readonly stateMachineArn: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store }: ConfigurationBackupArgs, opts?: ComponentResourceOptions) {
    super(ConfigurationBackup.type, name, { entry }, opts);
    // Where Pulumi keeps the state of a stack in a bucket (its DIY backends, since 3.61).
    const stateObject = `.pulumi/stacks/${getProject()}/${getStack()}.json`;

    const { stateMachine, undelivered } = scheduledBackup(name, {
      scope,
      entry,
      handler: "configuration",
      resourceName: backupName(scope, entry.source),
      grants: backupConfigurationGrants,
      targets: { ...sourceTargets(store, scope, entry.source), ...targetsOf(scope, entry, stateObject) },
      environment: {
        [configurationEnvironment.bucket]: store.primary.bucketName,
        [configurationEnvironment.parameters]: JSON.stringify(entry.parameters),
        [configurationEnvironment.secrets]: jsonStringify(entry.secrets.map(known)),
        ...(entry.stateBucket === undefined ? {} : {
          [configurationEnvironment.stateBucket]: known(entry.stateBucket), [configurationEnvironment.stateObject]: stateObject,
        }),
      },
    }, this);

    this.stateMachineArn = stateMachine.arn;
    this.undeliveredQueueName = undelivered.name;
    // A policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ entry, stateMachineArn: this.stateMachineArn, undeliveredQueueName: this.undeliveredQueueName });
  }
}

/** What is not there is left out: a statement about nothing would be refused. */
function targetsOf(scope: Scope, { parameters, secrets, stateBucket, stateKey }: ConfigurationBackupEntry, stateObject: string): GrantTargets {
  const prefix = `${scopeName(scope)}-*`;
  return {
    ...(parameters.length === 0 ? {} : { parameters: parameters.map((path) => arn(scope, "ssm", `parameter${path}*`)) }),
    ...(secrets.length === 0 ? {} : { "described-secrets": secrets.map((secret) => secretArn(scope, known(secret))) }),
    dashboards: [arn({ ...scope, region: "" }, "cloudwatch", `dashboard/${prefix}`)],
    schedules: [arn(scope, "scheduler", `schedule/default/${prefix}`)],
    "state-machines": [arn(scope, "states", `stateMachine:${prefix}`)],
    ...(stateBucket === undefined ? {} : {
      "state-bucket": [bucketArn(scope, known(stateBucket))],
      "state-objects": ["", ".gz"].map((ending) => interpolate`${bucketArn(scope, known(stateBucket))}/${stateObject}${ending}`),
    }),
    ...(stateKey === undefined ? {} : { "state-key": [known(stateKey)] }),
  };
}
