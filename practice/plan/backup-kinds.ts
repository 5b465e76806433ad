import type { BackupEngine } from "../contract/manifest.ts";
import type { BackupEntry, Entry } from "./entries.ts";

const kinds: Readonly<Record<BackupEntry["kind"], true>> = { "database-backup": true, "elasticache-backup": true, "files-backup": true, "configuration-backup": true, "repository-backup": true, "host-backup": true };

/** Whatever comes into the store on a schedule, from wherever. */
export const isBackup = (entry: Entry): entry is BackupEntry => Object.hasOwn(kinds, entry.kind);

export function engineOf(entry: BackupEntry): BackupEngine {
  switch (entry.kind) {
    case "host-backup":
    case "elasticache-backup":
    case "database-backup": return entry.engine;
    case "files-backup": return "files";
    case "configuration-backup": return "configuration";
    case "repository-backup": return "repository";
  }
}

/** By an official program: here, or on a host, whose dumps are read and restored here all the same. */
export const isDumped = (backup: BackupEntry): boolean => backup.kind === "database-backup" || (backup.kind === "host-backup" && backup.engine !== "files");
