import { CONFIGURATION_SOURCE } from "../contract/names.ts";
import type { Settings } from "../config/settings.ts";
import type { ConfigurationBackupEntry } from "./entries.ts";
import { RETRY_AFTER_SECONDS, storeFunction } from "./functions.ts";

/** Names and settings are kilobytes, the state of a large stack some megabytes. */
const SIZE_GIB = 0.1;

/** What no dump of a database brings back. */
export function planConfiguration({ configuration, databases, repositories }: Settings): readonly ConfigurationBackupEntry[] {
  if (configuration === undefined) return [];
  const { backup, ...wanted } = configuration;
  return [{
    kind: "configuration-backup",
    name: CONFIGURATION_SOURCE,
    from: "upkeep:configuration",
    carries: ["backup.configuration"],
    source: CONFIGURATION_SOURCE,
    ...backup,
    sizeGiB: SIZE_GIB,
    retryAfterSeconds: RETRY_AFTER_SECONDS,
    ...storeFunction,
    ...wanted,
    secrets: [...new Set([...Object.values(databases), ...Object.values(repositories)].flatMap((source) => ("secret" in source ? source.secret ?? [] : [])))],
  }];
}
