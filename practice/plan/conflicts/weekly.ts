import type { Problem } from "../../config/problems.ts";
import type { Settings } from "../../config/settings.ts";
import { sharedStart, weekdayOf } from "../calendar.ts";
import { duringMaintenance, goneBeforeItIsRead, goneBeforeTheNext, isDatabase } from "./backups.ts";
import { backedUp, backedUpWeekly, type BackedUp } from "./sources.ts";

/** The weekly backups are one choice for all sources: what holds for each of them is said once. */
export function findWeeklyConflicts(settings: Settings): readonly Problem[] {
  const weekly = backedUpWeekly(settings);
  return [
    ...weekly.slice(0, 1).flatMap(goneBeforeTheNext),
    ...weekly.flatMap((source) => [
      ...goneBeforeItIsRead(source),
      ...(isDatabase(source.settings) ? duringMaintenance(source, source.settings, settings) : []),
    ]),
    ...startingTogether(weekly, backedUp(settings)),
  ];
}

/** Of two backups of one source, the first is told: it is the one that somebody added. */
export const startingTogether = (added: readonly BackedUp[], ordinary: readonly BackedUp[]): readonly Problem[] =>
  added.flatMap(({ asked, path, backup }) => {
    const others = ordinary.filter((source) => source.path === path);
    return others.flatMap((other) => {
      const start = sharedStart(backup.schedule, other.backup.schedule);
      return start === undefined ? [] : [{
        path: `${asked}.every`,
        message: `Expected a time at which no other backup of ${path} starts, got ${backup.schedule.words}: ${other.asked} (${other.backup.schedule.words}) starts on `
          + `${weekdayOf(start, backup.schedule)} too. Both would read one source at the same time. Move one of the two.`,
      }];
    });
  });
