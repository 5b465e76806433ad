import type { Resource } from "@pulumi/pulumi";
import type { DrillEntry, Entry, Plan } from "../../practice/plan/entries.ts";
import { AlertRouting } from "../alert-routing.ts";
import { BackupStore } from "../backup-store.ts";
import { Board } from "../board.ts";
import { ConfigurationBackup } from "../configuration-backup.ts";
import { DatabaseBackup } from "../database-backup.ts";
import { ElastiCacheBackup } from "../elasticache-backup.ts";
import { Evidence } from "../evidence.ts";
import { ExportBucket } from "../export-bucket.ts";
import { FilesBackup } from "../files-backup.ts";
import { HandlerNetwork } from "../handler-network.ts";
import { HostBackup } from "../host-backup.ts";
import { Hosts } from "../hosts.ts";
import { ManagedSnapshots } from "../managed-snapshots.ts";
import { QuietHours } from "../quiet-hours.ts";
import { RepositoryBackup } from "../repository-backup.ts";
import { RestoreDrill } from "../restore-drill.ts";
import { Retention } from "../retention.ts";
import { Tasks } from "../tasks.ts";
import { ToolsLayer } from "../tools-layer.ts";
import { Verification } from "../verification.ts";
import { type Declared, declareAlerts } from "./declare-alerts.ts";
import { scopeOf } from "./scope.ts";

/** Transcribes a plan: one component per entry, named by the entry, handed what it rests on. */
export function declare(name: string, plan: Plan, parent: Resource): Declared {
  const scope = scopeOf(plan);
  const child = { parent };
  const named = (entry: Entry) => `${name}-${entry.name}`;
  const all = <Kind extends Entry["kind"]>(kind: Kind) => plan.entries.filter((entry): entry is Extract<Entry, { kind: Kind }> => entry.kind === kind);

  const [network] = all("network").map((entry) => new HandlerNetwork(named(entry), { scope, entry }, child));
  const [store] = all("store").map((entry) => new BackupStore(named(entry), { scope, entry }, child));
  const [routing] = all("routing").map((entry) => new AlertRouting(named(entry), { scope, entry }, child));
  const [tools] = all("tools-layer").map((entry) => new ToolsLayer(named(entry), { scope, entry }, child));
  const snapshots = all("snapshots").map((entry) => [entry.source, new ManagedSnapshots(named(entry), { scope, entry }, child)] as const);
  const watched = { scope, named, parent, routing, snapshots: new Map(snapshots) };
  // Providers may take snapshots of what is not dumped here.
  if (store === undefined) return { routing, store, alarmNames: declareAlerts(all("alert"), { ...watched, backups: new Map(), hostBackups: new Map(), verifications: new Map(), drills: new Map(), functions: {} }) };

  const [tasks] = all("tasks").map((entry) => new Tasks(named(entry), { scope, entry, store }, child));
  const databases = network === undefined ? [] : all("database-backup").map((entry) =>
    [entry.source, new DatabaseBackup(named(entry), { scope, entry, store, network, ...(tools && { tools }), ...(tasks && { tasks }) }, child)] as const);
  const [exports] = all("export-bucket").map((entry) => new ExportBucket(named(entry), { scope, entry }, child));
  const caches = exports === undefined ? [] : all("elasticache-backup").map((entry) => [entry.source, new ElastiCacheBackup(named(entry), { scope, entry, store, exports }, child)] as const);
  const files = all("files-backup").map((entry) => [entry.source, new FilesBackup(named(entry), { scope, entry, store }, child)] as const);
  const configuration = all("configuration-backup").map((entry) => [entry.source, new ConfigurationBackup(named(entry), { scope, entry, store }, child)] as const);
  const repositories = all("repository-backup").map((entry) => [entry.source, new RepositoryBackup(named(entry), { scope, entry, store }, child)] as const);
  const [hosts] = all("hosts").map((entry) => new Hosts(named(entry), { scope, entry, store }, child));
  const hostBackups = hosts === undefined ? [] : all("host-backup").map((entry) => [entry.source, new HostBackup(named(entry), { scope, entry, store, hosts }, child)] as const);
  const verifications = all("verification").map((entry) =>
    [entry.source, new Verification(named(entry), { scope, entry, store, ...(tools && { tools }) }, child)] as const);
  const checks = new Map(verifications);
  const drills = network === undefined || tasks === undefined ? [] : all("drill").map((entry) =>
    [entry.source, new RestoreDrill(named(entry), { scope, entry, store, network, tasks, verification: checksOf(entry, checks) }, child)] as const);
  const [retention] = all("retention").map((entry) => new Retention(named(entry), { scope, entry, store }, child));
  const [evidence] = all("evidence").map((entry) => new Evidence(named(entry), { scope, entry, store }, child));

  const alarmNames = declareAlerts(all("alert"), {
    ...watched, backups: new Map([...databases, ...caches, ...files, ...repositories, ...configuration]), hostBackups: new Map(hostBackups), verifications: checks, drills: new Map(drills), functions: { retention, evidence },
  });

  for (const entry of all("quiet")) new QuietHours(named(entry), { scope, entry, alarmNames }, child);
  for (const entry of all("board")) new Board(named(entry), { scope, entry }, child);
  return { store, routing, alarmNames };
}

/** Whatever is drilled is backed up, and whatever is backed up is checked. */
function checksOf({ source }: DrillEntry, verifications: ReadonlyMap<string, Verification>): Verification {
  const verification = verifications.get(source);
  if (verification === undefined) throw new Error(`Expected the plan to check the backups of ${source}, which is drilled, it does not.`);
  return verification;
}
