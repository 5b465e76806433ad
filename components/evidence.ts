import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { evidenceGrants } from "../practice/contract/permissions.ts";
import type { EvidenceEntry } from "../practice/plan/entries.ts";
import { scopeName } from "../practice/contract/names.ts";
import type { BackupStore } from "./backup-store.ts";
import { scheduledFunction } from "./internal/scheduled-function.ts";
import type { Scope } from "./internal/scope.ts";
import { storeVariables } from "./internal/store-environment.ts";
import { storeTargets } from "./internal/store-targets.ts";

export interface EvidenceArgs {
  readonly scope: Scope;
  readonly entry: EvidenceEntry;
  readonly store: BackupStore;
}

/** Looks into the store and publishes what is true there: an alarm on age also sees the backup that never started. */
export class Evidence extends ComponentResource {
  static readonly type = "upkeep:verification:Evidence";

  readonly functionName: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store }: EvidenceArgs, opts?: ComponentResourceOptions) {
    super(Evidence.type, name, { entry }, opts);

    const { functionName, undeliveredQueueName } = scheduledFunction(name, {
      scope,
      area: "verification",
      handler: "evidence",
      resourceName: `${scopeName(scope)}-evidence`,
      when: { words: `every ${entry.everyMinutes} minutes`, expression: `rate(${entry.everyMinutes} minutes)`, timeZone: "UTC" },
      shape: entry,
      grants: evidenceGrants,
      targets: storeTargets(store),
      environment: storeVariables(scope, store, entry.sources),
    }, this);

    this.functionName = functionName;
    this.undeliveredQueueName = undeliveredQueueName;
    this.registerOutputs({ functionName, undeliveredQueueName });
  }
}
