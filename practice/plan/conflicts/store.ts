import type { Problem } from "../../config/problems.ts";
import type { Settings } from "../../config/settings.ts";
import { backedUp, backedUpApart, backedUpWeekly } from "./sources.ts";

export function findStoreConflicts(settings: Settings): readonly Problem[] {
  const { store, system, region } = settings;
  const problems: Problem[] = [];

  if (system.production && store.secondRegion === undefined) {
    problems.push({
      path: "upkeep:store",
      message: "A production system keeps a second copy: expected secondRegion, got none. Without it, one region's loss takes the data and its backups. "
        + "Write secondRegion: <region>, or system.production: false.",
    });
  }
  if (store.secondRegion === region) {
    problems.push({
      path: "upkeep:store.secondRegion",
      message: `Expected a region other than the stack's own, got ${region} again. The copy would be lost with the original.`,
    });
  }

  const lock = store.lock;
  if (lock !== undefined) {
    for (const { asked, backup } of [...backedUp(settings), ...backedUpWeekly(settings).slice(0, 1), ...backedUpApart(settings)]) {
      if (lock.days > backup.keepDays) {
        problems.push({
          path: `${asked}.keep`,
          message: `Expected at least as long as the object lock (store.lock.keep: ${lock.days} days), got ${backup.keepDays} days. `
            + "A locked backup outlives its days and nothing is freed. Lengthen keep or shorten the lock.",
        });
      }
    }
  }
  return [...problems, ...sharedPrefixes(settings)];
}

/** Databases and files lie side by side in one store, each under its name. */
const sharedPrefixes = ({ databases, files }: Settings): readonly Problem[] =>
  Object.keys(files).filter((name) => name in databases).map((name) => ({
    path: `upkeep:files.${name}`,
    message: `Expected a name of its own, got one that upkeep:databases.${name} has. Both would write under one prefix of the store and expire each other. Rename one.`,
  }));
