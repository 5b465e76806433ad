import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { SnapshotsEntry } from "../practice/plan/entries.ts";
import { atlasSnapshots } from "./internal/atlas-snapshots.ts";
import { rdsSnapshots } from "./internal/rds-snapshots.ts";
import type { Scope } from "./internal/scope.ts";

export interface ManagedSnapshotsArgs {
  readonly scope: Scope;
  readonly entry: SnapshotsEntry;
}

/** Snapshots that a database's provider takes beside our dumps: they have every second of the last days, dumps have none between two. */
export class ManagedSnapshots extends ComponentResource {
  static readonly type = "upkeep:backup:ManagedSnapshots";

  /** Of the vault in the stack's region. Absent where Atlas keeps them. */
  readonly vaultName?: Output<string>;

  constructor(name: string, { scope, entry }: ManagedSnapshotsArgs, opts?: ComponentResourceOptions) {
    // What it keeps outlives the stack, as the store does.
    super(ManagedSnapshots.type, name, { entry }, { retainOnDelete: true, ...opts });
    const { of } = entry;
    switch (of.kind) {
      case "atlas":
        atlasSnapshots(name, entry, of, this);
        break;
      case "rds":
        this.vaultName = rdsSnapshots(name, { scope, entry, of }, this);
        break;
    }
    // A policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ entry, vaultName: this.vaultName });
  }
}
