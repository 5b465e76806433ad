import type { Policies } from "@pulumi/policy";
import { alarmsReachPeople } from "./alarms-reach-people.ts";
import { backupsAreVerified } from "./backups-are-verified.ts";
import { backupsAreWatched } from "./backups-are-watched.ts";
import { databasesHaveBackups } from "./databases-have-backups.ts";
import { drillsAreWatched } from "./drills-are-watched.ts";
import { drillsReachNothing } from "./drills-reach-nothing.ts";
import { evidenceIsWatched } from "./evidence-is-watched.ts";
import { exportsPassThrough } from "./exports-pass-through.ts";
import { functionsKeepLogs } from "./functions-keep-logs.ts";
import { logsExpire } from "./logs-expire.ts";
import { noWildcardInRoles } from "./no-wildcard-in-roles.ts";
import { planIsReadable } from "./plan-is-readable.ts";
import { resourcesAreTagged } from "./resources-are-tagged.ts";
import { rolesCarryOwnPolicies } from "./roles-carry-own-policies.ts";
import { schedulesAreWatched } from "./schedules-are-watched.ts";
import { storeEncrypted } from "./store-encrypted.ts";
import { storeLifecycleComplete } from "./store-lifecycle-complete.ts";
import { storeLockEndsInTime } from "./store-lock-ends-in-time.ts";
import { storePrivate } from "./store-private.ts";
import { storeProtected } from "./store-protected.ts";
import { storeReplicated } from "./store-replicated.ts";
import { storeVersioned } from "./store-versioned.ts";
import { topicsCanBePublished } from "./topics-can-be-published.ts";

/** All rules, in the order of the practice: the plan, the store, the backups, who watches them, who is told. */
export const rules: Policies = [
  planIsReadable,
  storeEncrypted,
  storeVersioned,
  storePrivate,
  storeProtected,
  storeLifecycleComplete,
  storeLockEndsInTime,
  storeReplicated,
  exportsPassThrough,
  databasesHaveBackups,
  noWildcardInRoles,
  rolesCarryOwnPolicies,
  functionsKeepLogs,
  logsExpire,
  schedulesAreWatched,
  backupsAreWatched,
  backupsAreVerified,
  drillsReachNothing,
  drillsAreWatched,
  evidenceIsWatched,
  alarmsReachPeople,
  topicsCanBePublished,
  resourcesAreTagged,
];
