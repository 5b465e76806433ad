import { isDumped } from "./backup-kinds.ts";
import type { Settings } from "../config/settings.ts";
import type { BackupEntry, ToolsLayerEntry } from "./entries.ts";

/** A layer of the stack's own as soon as something is dumped, unless the stack file names one that is there already. */
export function planToolsLayer({ system }: Settings, backups: readonly BackupEntry[]): readonly ToolsLayerEntry[] {
  if (system.toolsLayer !== undefined || !backups.some(isDumped)) return [];
  return [{ kind: "tools-layer", name: "tools", from: "upkeep:system", carries: [], architecture: "x86_64" }];
}
