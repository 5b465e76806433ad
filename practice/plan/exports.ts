import type { ExportedTable } from "../contract/exported.ts";
import type { Settings } from "../config/settings.ts";
import { exportSource } from "../contract/names.ts";
import type { DatabaseBackupEntry, ElastiCacheBackupEntry, HostBackupEntry } from "./entries.ts";

type Exported = DatabaseBackupEntry | HostBackupEntry;

/** Beside the backup of a database, some of its tables in an open form: read on the same way, stored and watched apart. */
export const planExports = ({ databases }: Settings, backups: readonly (Exported | ElastiCacheBackupEntry)[]): readonly Exported[] =>
  backups.flatMap((backup): readonly Exported[] => {
    const said = databases[backup.source]?.export;
    if (said === undefined || backup.kind === "elasticache-backup" || (backup.engine !== "postgresql" && backup.engine !== "mongodb")) return [];
    const { of, schedule, keepDays } = said;
    return [{
      ...backup,
      engine: backup.engine === "postgresql" ? "postgresql-export" : "mongodb-export",
      exports: backup.engine === "postgresql" ? of.map(qualified) : of,
      schedule,
      keepDays,
      name: exportSource(backup.name),
      source: exportSource(backup.source),
      again: backup.source,
      from: `upkeep:databases.${backup.source}.export`,
      carries: ["backup.userdata.export"],
    }];
  });

/** Whoever names no schema means the one that every database has. */
const qualified = (table: ExportedTable): ExportedTable => ({ ...table, name: table.name.includes(".") ? table.name : `public.${table.name}` });
