import type { Problem } from "../config/problems.ts";
import type { Settings } from "../config/settings.ts";
import { planAlerts } from "./alerts.ts";
import { planBackups } from "./backups.ts";
import { findConflicts } from "./conflicts.ts";
import { planExportBucket } from "./elasticache.ts";
import type { Entry, Plan } from "./entries.ts";
import { planDrills } from "./drills.ts";
import { planEvidence, planRetention } from "./evidence.ts";
import { planHosts } from "./hosts.ts";
import { planItems } from "./items.ts";
import { planNetwork } from "./network.ts";
import { planBoard, planQuiet, planRouting } from "./routing.ts";
import { planTasks } from "./runner.ts";
import { planSnapshots } from "./snapshots.ts";
import { planStore } from "./store.ts";
import { planVerification } from "./verification.ts";
import { planToolsLayer } from "./tools-layer.ts";

/** What the practice decides, and every conflict it finds. Total and pure: the same settings give the same plan. */
export function makePlan(settings: Settings): { readonly plan: Plan; readonly problems: readonly Problem[] } {
  const backups = planBackups(settings);
  const checks = planVerification(settings, backups);
  const drills = planDrills(settings, backups);
  const snapshots = planSnapshots(settings);
  const alerts = planAlerts(settings, { backups, verifications: checks, drills, snapshots });
  const stored: readonly Entry[] = backups.length === 0
    ? []
    : [planStore(settings), ...planExportBucket(backups), ...planToolsLayer(settings, backups), ...planTasks(settings, backups), ...planHosts(settings, backups), ...backups, ...checks, ...drills, planRetention(backups, checks, settings), planEvidence(backups, checks, drills)];

  const plan: Plan = {
    version: 1,
    stack: settings.stack,
    region: settings.region,
    system: settings.system,
    databases: Object.entries(settings.databases).map(([name, { engine }]) => ({ name, engine, from: `upkeep:databases.${name}` })),
    entries: [
      ...planNetwork(settings, backups, drills),
      ...stored,
      ...snapshots,
      planRouting(settings),
      ...alerts,
      ...planQuiet(settings),
      ...planBoard(settings, alerts),
    ],
    items: planItems(settings),
  };
  return { plan, problems: findConflicts(settings, alerts) };
}
