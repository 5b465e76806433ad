import { ComponentResource, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import type { Plan } from "../practice/plan/entries.ts";
import { planOf, type SystemArgs } from "./internal/arguments.ts";
import { declare } from "./internal/declare.ts";
import { toolsArchive } from "./internal/tools-archive.ts";

/** What a stack file says, as typed arguments; ids of existing resources may be Outputs. Or a plan that was made before. */
export type MaintenanceArgs = SystemArgs | { readonly plan: Plan };

/** With a source of 24 characters, a role's name and its random end stay within the 64 that AWS allows. */
const LONGEST_NAME = 20;

/** The whole maintenance practice of one system. Its inputs are the plan, so any deployed stack can be asked for it. */
export class Maintenance extends ComponentResource {
  static readonly type = "upkeep:index:Maintenance";

  /** Bucket that holds the backups. Absent when nothing is backed up. */
  readonly storeBucketName?: Output<string>;
  /** Topic of each severity. */
  readonly topicArns: Readonly<Record<string, Output<string>>>;

  /** @param name Unique among the Maintenance components of a stack; part of every resource name below it. */
  constructor(name: string, args: MaintenanceArgs, opts?: ComponentResourceOptions) {
    if (name.length > LONGEST_NAME) throw new Error(`Expected a name of at most ${LONGEST_NAME} characters for Maintenance, got ${name}: AWS would refuse the names made from it. Shorten it.`);
    // Before super: a practice that is not sound, or lacks its programs, registers nothing, not even this component.
    const plan = "plan" in args ? args.plan : planOf(args);
    for (const entry of plan.entries) if ("architecture" in entry && entry.architecture !== undefined) toolsArchive(entry.architecture);
    super(Maintenance.type, name, { plan }, opts);

    const { store, routing } = declare(name, plan, this);

    if (store !== undefined) this.storeBucketName = store.primary.bucketName;
    this.topicArns = routing?.topicArns ?? {};
    // The plan once more: a policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ plan, storeBucketName: this.storeBucketName, topicArns: this.topicArns });
  }
}
