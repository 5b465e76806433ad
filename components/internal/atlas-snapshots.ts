import { CloudBackupSchedule } from "@pulumi/mongodbatlas/cloudBackupSchedule.js";
import type { Resource } from "@pulumi/pulumi";
import type { SnapshotsEntry } from "../../practice/plan/entries.ts";
import { known } from "./scope.ts";

type OfAtlas = Extract<SnapshotsEntry["of"], { readonly kind: "atlas" }>;

/** The schedule of a cluster that has cloud backup; M0 and flex clusters have none, and point in time begins with M10. */
export function atlasSnapshots(name: string, entry: SnapshotsEntry, of: OfAtlas, parent: Resource): void {
  new CloudBackupSchedule(name, {
    projectId: known(of.projectId),
    clusterName: of.cluster,
    restoreWindowDays: entry.pointInTimeDays,
    // Must stand here: written again without it while point in time is on, Atlas takes the whole policy away.
    policyItemHourly: { frequencyInterval: of.everyHours, retentionUnit: "days", retentionValue: entry.pointInTimeDays },
    policyItemDaily: { frequencyInterval: 1, retentionUnit: "days", retentionValue: entry.keepDays },
    // What was taken under longer days keeps them.
    updateSnapshots: false,
  }, { parent, protect: true });
}
