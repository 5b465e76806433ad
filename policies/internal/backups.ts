import type { PolicyResource } from "@pulumi/policy";
import { componentsOf, componentTypes } from "./components.ts";

export const backupsOf = (resources: readonly PolicyResource[]): readonly PolicyResource[] =>
  componentsOf(resources, componentTypes.databaseBackup, componentTypes.elasticacheBackup, componentTypes.filesBackup, componentTypes.configurationBackup, componentTypes.repositoryBackup, componentTypes.hostBackup);

/** Name of what is backed up: the dimension of its metrics. */
export const sourceOf = ({ props }: PolicyResource): string | undefined =>
  (props["entry"] as { readonly source?: string } | undefined)?.source;

/** Kinds of entries that are backups which a schedule of the stack starts. */
export const startedKinds = ["database-backup", "elasticache-backup", "files-backup", "configuration-backup", "repository-backup"] as const;

/** Kinds of entries that are backups. */
export const backupKinds = [...startedKinds, "host-backup"] as const;
