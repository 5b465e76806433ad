import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { retentionGrants } from "../practice/contract/permissions.ts";
import type { RetentionEntry } from "../practice/plan/entries.ts";
import { scopeName } from "../practice/contract/names.ts";
import type { BackupStore } from "./backup-store.ts";
import { scheduledFunction } from "./internal/scheduled-function.ts";
import type { Scope } from "./internal/scope.ts";
import { storeVariables } from "./internal/store-environment.ts";
import { storeTargets } from "./internal/store-targets.ts";

export interface RetentionArgs {
  readonly scope: Scope;
  readonly entry: RetentionEntry;
  readonly store: BackupStore;
}

/** Says which backups may go: their days are over and a newer one is verified. The store's lifecycle does the rest. */
export class Retention extends ComponentResource {
  static readonly type = "upkeep:retention:Retention";

  readonly functionName: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store }: RetentionArgs, opts?: ComponentResourceOptions) {
    super(Retention.type, name, { entry }, opts);

    const { functionName, undeliveredQueueName } = scheduledFunction(name, {
      scope,
      area: "retention",
      handler: "retention",
      resourceName: `${scopeName(scope)}-retention`,
      when: entry.schedule,
      shape: entry,
      grants: retentionGrants,
      targets: storeTargets(store),
      environment: storeVariables(scope, store, entry.sources),
    }, this);

    this.functionName = functionName;
    this.undeliveredQueueName = undeliveredQueueName;
    this.registerOutputs({ functionName, undeliveredQueueName });
  }
}
