import { always, hasFiles, hasMongo, hasPostgres, hasRecords, hasSnapshots, keepsData, undeclared } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const backup = [
  {
    id: "backup.mongodb.daily",
    title: "Daily MongoDB dump",
    kind: "automated",
    cadence: "daily at 02:00",
    askedBy: ["webapp", "opendev", "lms", "trixtech"],
    applies: hasMongo,
  },
  {
    id: "backup.postgresql.daily",
    title: "Daily PostgreSQL dump",
    kind: "automated",
    cadence: "daily at 02:00",
    askedBy: ["lms", "esn"],
    applies: hasPostgres,
  },
  {
    id: "backup.full.weekly",
    title: "Weekly full backup (everything, kept apart from the daily ones)",
    kind: "automated",
    cadence: "weekly on sunday at 03:00",
    askedBy: ["opendev"],
    applies: keepsData,
  },
  {
    id: "backup.files.daily",
    title: "Backup of uploaded files",
    kind: "automated",
    cadence: "daily",
    askedBy: ["trixtech"],
    applies: hasFiles,
  },
  {
    id: "backup.repository",
    title: "Regular copy of the code repositories",
    kind: "automated",
    cadence: "regularly",
    askedBy: ["webapp"],
    applies: always,
  },
  {
    id: "backup.userdata.export",
    title: "Regular export of user data to secure, versioned storage",
    kind: "automated",
    cadence: "regularly",
    askedBy: ["webapp"],
    applies: hasRecords,
  },
  {
    id: "backup.managed",
    title: "Managed snapshots beside the dumps (Atlas cloud backup with point-in-time recovery, RDS/EFS through AWS Backup)",
    kind: "protect",
    askedBy: ["project"],
    applies: undeclared("whether a provider manages it", hasSnapshots),
  },
  {
    id: "backup.configuration",
    title: "The configuration needed to rebuild is backed up and restorable (stack state, parameters, alert and dashboard definitions)",
    kind: "automated",
    askedBy: ["webapp"],
    applies: always,
  },
  {
    id: "backup.before-deploy",
    title: "A backup is taken before each deployment or update, and the deployment waits for it",
    kind: "procedure",
    askedBy: ["lms", "esn", "trixtech"],
    applies: keepsData,
  },
] as const satisfies readonly CatalogItem[];
