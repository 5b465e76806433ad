import type { Problem } from "../config/problems.ts";
import type { Settings } from "../config/settings.ts";
import { findBackupConflicts } from "./conflicts/backups.ts";
import { findDrillConflicts } from "./conflicts/drills.ts";
import { findExportConflicts } from "./conflicts/exports.ts";
import { findFargateConflicts } from "./conflicts/fargate.ts";
import { findHostConflicts } from "./conflicts/hosts.ts";
import { findManagedRedisConflicts } from "./conflicts/managed-redis.ts";
import { findRepositoryConflicts } from "./conflicts/repositories.ts";
import { findRoutingConflicts } from "./conflicts/routing.ts";
import { findSnapshotConflicts } from "./conflicts/snapshots.ts";
import { findStoreConflicts } from "./conflicts/store.ts";
import { findWeeklyConflicts } from "./conflicts/weekly.ts";
import type { AlertEntry } from "./entries.ts";

/** What each practice allows and their combination does not. Every one of them, in the order of the stack file. */
export const findConflicts = (settings: Settings, alerts: readonly AlertEntry[]): readonly Problem[] => [
  ...findFargateConflicts(settings),
  ...findStoreConflicts(settings),
  ...findHostConflicts(settings),
  ...findBackupConflicts(settings),
  ...findDrillConflicts(settings),
  ...findWeeklyConflicts(settings),
  ...findExportConflicts(settings),
  ...findSnapshotConflicts(settings),
  ...findManagedRedisConflicts(settings),
  ...findRepositoryConflicts(settings),
  ...findRoutingConflicts(settings, alerts),
];
