import type { BackupEngine } from "../contract/manifest.ts";
import type { BackupEntry, Entry } from "./entries.ts";

const kinds: Readonly<Record<BackupEntry["kind"], true>> = { "database-backup": true, "files-backup": true, "configuration-backup": true, "repository-backup": true };

/** Whatever comes into the store on a schedule, from wherever. */
export const isBackup = (entry: Entry): entry is BackupEntry => Object.hasOwn(kinds, entry.kind);

export function engineOf(entry: BackupEntry): BackupEngine {
  switch (entry.kind) {
    case "database-backup": return entry.engine;
    case "files-backup": return "files";
    case "configuration-backup": return "configuration";
    case "repository-backup": return "repository";
  }
}
