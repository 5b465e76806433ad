import type { Input, Output, Resource } from "@pulumi/pulumi";
import { metricDimensions } from "../../practice/contract/metrics.ts";
import type { AlertEntry } from "../../practice/plan/entries.ts";
import { Alert } from "../alert.ts";
import type { AlertRouting } from "../alert-routing.ts";
import type { BackupStore } from "../backup-store.ts";
import type { ScheduledFunction } from "./scheduled-function.ts";
import type { Scope } from "./scope.ts";

/** What was declared and others refer to. */
export interface Declared {
  readonly store: BackupStore | undefined;
  readonly routing: AlertRouting | undefined;
  /** Alarms that page. */
  readonly alarmNames: readonly Output<string>[];
}

/** What a schedule starts and a queue keeps when it could not be started. */
interface ScheduledMachine {
  readonly stateMachineArn: Output<string>;
  readonly undeliveredQueueName: Output<string>;
}

/** The declared things that alerts look at. */
export interface Watched {
  readonly scope: Scope;
  readonly named: (entry: AlertEntry) => string;
  readonly parent: Resource;
  readonly routing: AlertRouting | undefined;
  readonly backups: ReadonlyMap<string, ScheduledMachine>;
  readonly hostBackups: ReadonlyMap<string, { readonly failedQueueName: Output<string> }>;
  readonly verifications: ReadonlyMap<string, ScheduledFunction>;
  readonly drills: ReadonlyMap<string, ScheduledMachine>;
  readonly snapshots: ReadonlyMap<string, { readonly vaultName?: Output<string> }>;
  readonly functions: Readonly<Partial<Record<"evidence" | "retention", ScheduledFunction | undefined>>>;
}

/** The suppressing alerts first: the others name them in their rules. */
export function declareAlerts(entries: readonly AlertEntry[], watched: Watched): readonly Output<string>[] {
  const { scope, named, parent, routing } = watched;
  const suppressors = new Set(entries.map((entry) => entry.suppressedBy));
  const declared = new Map<string, Alert>();
  const ordered = [...entries.filter(({ name }) => suppressors.has(name)), ...entries.filter(({ name }) => !suppressors.has(name))];

  for (const entry of ordered) {
    const topicArn = routing?.topicArns[entry.severity];
    const suppressedBy = entry.suppressedBy === undefined ? undefined : declared.get(entry.suppressedBy);
    declared.set(entry.name, new Alert(named(entry), {
      scope,
      entry,
      dimensions: dimensionsOf(entry, watched),
      ...(topicArn === undefined ? {} : { topicArn }),
      ...(suppressedBy === undefined ? {} : { suppressedBy }),
    }, { parent }));
  }
  return [...declared.values()].map(({ alarmName }) => alarmName);
}

/** Which series of the metric a signal means. */
function dimensionsOf({ signal, name }: AlertEntry, { scope, backups, hostBackups, verifications, drills, snapshots, functions }: Watched): Record<string, Input<string>> {
  const ours = { [metricDimensions.system]: scope.system.name, [metricDimensions.stack]: scope.stack };
  switch (signal.kind) {
    case "backup-age":
    case "unverified-checksums":
    case "unverified-decode":
    case "unverified-restore":
    case "corrupted":
    case "too-small":
    case "suspicious":
    case "held-back":
    case "not-copied": return { ...ours, [metricDimensions.source]: signal.source };
    case "evidence-silent": return ours;
    case "backup-failed": return { StateMachineArn: present(backups.get(signal.source), name).stateMachineArn };
    case "host-backup-failed": return { QueueName: present(hostBackups.get(signal.source), name).failedQueueName };
    case "backup-not-started": return { QueueName: present(backups.get(signal.source), name).undeliveredQueueName };
    case "check-failed": return { FunctionName: present(verifications.get(signal.source), name).functionName };
    case "check-not-started": return { QueueName: present(verifications.get(signal.source), name).undeliveredQueueName };
    case "drill-failed": return { StateMachineArn: present(drills.get(signal.source), name).stateMachineArn };
    case "drill-not-started": return { QueueName: present(drills.get(signal.source), name).undeliveredQueueName };
    // The vault of the second region has the same name: which of the two a failed copy is counted for does not matter.
    case "snapshot-missing":
    case "snapshot-failed":
    case "snapshot-not-copied":
    case "snapshot-restore-failed": return { BackupVaultName: present(snapshots.get(signal.source)?.vaultName, name) };
    case "function-failed": return { FunctionName: present(functions[signal.function], name).functionName };
    case "function-not-started": return { QueueName: present(functions[signal.function], name).undeliveredQueueName };
  }
}

function present<T>(thing: T | undefined, alert: string): T {
  if (thing === undefined) throw new Error(`Expected the alert ${alert} to watch something that the plan declares, got nothing. This is a fault of the plan.`);
  return thing;
}
