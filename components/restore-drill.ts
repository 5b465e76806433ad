import { ComponentResource, interpolate, type ComponentResourceOptions, type Output } from "@pulumi/pulumi";
import { drillEnvironment } from "../practice/contract/environment.ts";
import { evidencePrefix } from "../practice/contract/evidence.ts";
import { drillName } from "../practice/contract/names.ts";
import { drillGrants } from "../practice/contract/permissions.ts";
import { scratchPorts } from "../practice/contract/scratch.ts";
import type { DrillEntry } from "../practice/plan/entries.ts";
import type { BackupStore } from "./backup-store.ts";
import type { HandlerNetwork } from "./handler-network.ts";
import { drillWorkflow } from "./internal/drill-workflow.ts";
import { statementsOf } from "./internal/grants.ts";
import { scheduledCalls } from "./internal/schedule.ts";
import type { Scope } from "./internal/scope.ts";
import { scratchServer } from "./internal/scratch-server.ts";
import { sourceTargets } from "./internal/store-targets.ts";
import { taskDefinition } from "./internal/task-definition.ts";
import type { Tasks } from "./tasks.ts";
import type { Verification } from "./verification.ts";

export interface RestoreDrillArgs {
  readonly scope: Scope;
  readonly entry: DrillEntry;
  readonly store: BackupStore;
  /** One whose entry has drills. */
  readonly network: HandlerNetwork;
  readonly tasks: Tasks;
  /** Of the same source: its function looks what a drill has written down. */
  readonly verification: Pick<Verification, "functionArn">;
}

/** A start that was lost is made up for by an alarm on age, so it is repeated only twice. */
const START_RETRIES = 2;

/**
 * A restore of the newest backup of one database, on schedule: schedule -> state machine -> task, with an empty server of
 * the official image beside the program; what it wrote down is then looked for. The task may read the store and write evidence; it may read no secret, and no
 * database lets its network in.
 */
export class RestoreDrill extends ComponentResource {
  static readonly type = "upkeep:verification:RestoreDrill";

  readonly stateMachineArn: Output<string>;
  readonly undeliveredQueueName: Output<string>;

  constructor(name: string, { scope, entry, store, network, tasks, verification }: RestoreDrillArgs, opts?: ComponentResourceOptions) {
    super(RestoreDrill.type, name, { entry }, opts);
    const { source, engine, task: shape } = entry;
    const resourceName = drillName(scope, source);

    const task = taskDefinition(name, {
      scope,
      area: "verification",
      tasks,
      store,
      handler: "drill",
      family: resourceName,
      shape,
      environment: {
        [drillEnvironment.system]: scope.system.name,
        [drillEnvironment.stack]: scope.stack,
        [drillEnvironment.bucket]: store.primary.bucketName,
        [drillEnvironment.source]: source,
        [drillEnvironment.engine]: engine,
        [drillEnvironment.port]: String(scratchPorts[engine]),
        ...(entry.smoke === undefined ? {} : { [drillEnvironment.smoke]: entry.smoke }),
      },
      statements: statementsOf(drillGrants, {
        ...sourceTargets(store, scope, source), "evidence-objects": [interpolate`${store.primary.bucketArn}/${evidencePrefix(scope.system.name, source)}*`],
      }),
      sidecars: [scratchServer(entry)],
    }, this);

    const vpc = { subnetIds: network.subnetIds, securityGroupId: groupOf(network, source) };
    const machine = drillWorkflow(name, { scope, stateMachineName: resourceName, entry, tasks, task, vpc, verification }, this);

    const { undelivered } = scheduledCalls(name, {
      scope,
      area: "verification",
      queueName: resourceName,
      roleEnding: "run",
      target: { arn: machine.arn, action: "states:StartExecution" },
      retries: START_RETRIES,
      calls: [{ scheduleName: resourceName, when: entry.schedule }],
    }, this);

    this.stateMachineArn = machine.arn;
    this.undeliveredQueueName = undelivered.name;
    // A policy pack sees what a component put out, never what it was given.
    this.registerOutputs({ entry, stateMachineArn: this.stateMachineArn, undeliveredQueueName: this.undeliveredQueueName });
  }
}

function groupOf({ drillSecurityGroupId }: HandlerNetwork, source: string): Output<string> {
  if (drillSecurityGroupId === undefined) throw new Error(`Expected a network with a group for the restore drill of ${source}, got one without: set \`drills\` in its entry.`);
  return drillSecurityGroupId;
}
