import type { Problem } from "../../config/problems.ts";
import type { BucketFiles, Settings, DatabaseSettings } from "../../config/settings.ts";
import { lambdaLimits } from "../../contract/runner.ts";
import { averageGapDays, gapSeconds, inWords, overlappingRun, weekdayOf } from "../calendar.ts";
import { formOf } from "../copies.ts";
import { isElastiCache, LONGEST_EXPORT_RUN_SECONDS } from "../elasticache.ts";
import { HOST_EVERY_MINUTES, isOnHost, longestHostRunSeconds } from "../hosts.ts";
import { dumpTask, longestRunSeconds, runnerOf, TASK_MAX_GIB } from "../runner.ts";
import { type AskedFor, backedUp, type BackedUp, backedUpApart } from "./sources.ts";

const DAY_SECONDS = 86_400;

export function findBackupConflicts(settings: Settings): readonly Problem[] {
  return [...backedUp(settings).flatMap((source) => [
    ...tooLarge(source, settings),
    ...goneBeforeTheNext(source),
    ...goneBeforeItIsRead(source),
    ...(isDatabase(source.settings)
      ? [...unreachable(source.path, source.settings, settings), ...goneBeforeTheDrill(source, source.settings), ...duringMaintenance(source, source.settings, settings)]
      : []),
  ]), ...backedUpApart(settings).flatMap(goneBeforeTheNext)];
}

export const isDatabase = (settings: BackedUp["settings"]): settings is DatabaseSettings => "engine" in settings;

const runsOnHost = (settings: BackedUp["settings"]): boolean => (isDatabase(settings) ? settings.runsOn === "host" : isOnHost(settings));

/** A folder of a machine has no such choice. */
function tooLargeAsArchive(path: string, settings: BucketFiles): readonly Problem[] {
  const { rawGiB } = lambdaLimits;
  if (settings.sizeGiB <= rawGiB || formOf(settings) === "copies") return [];
  return [{
    path: `${path}.as`,
    message: `Expected \`copies\` for a bucket of more than ${rawGiB} GiB, got an archive of ${settings.sizeGiB}. A function has 15 minutes, which an archive of this size does not keep. `
      + "Write `as: copies`, or leave it out: each object is copied by itself then, and only when it is new.",
  }];
}

function tooLarge({ path, settings }: BackedUp, { system }: Settings): readonly Problem[] {
  const { sizeGiB } = settings;
  const { rawGiB } = lambdaLimits;
  if (!isDatabase(settings) && !isOnHost(settings)) return tooLargeAsArchive(path, settings);
  if (isDatabase(settings) && isElastiCache(settings)) return sizeGiB <= rawGiB ? [] : [exportTooLarge(path, sizeGiB)];
  const hasHours = runsOnHost(settings) || (isDatabase(settings) && system.fargate !== undefined);
  if (sizeGiB <= (hasHours ? TASK_MAX_GIB : rawGiB)) return [];
  const otherwise = "Remove the backup here, write `snapshots` of its provider instead, and answer the item under notApplicable.";
  const message = hasHours
    ? `Expected at most ${TASK_MAX_GIB}, got ${sizeGiB}. A dump of this size takes so long that it describes yesterday. ${otherwise}`
    : `Expected at most ${rawGiB}, got ${sizeGiB}. A function has 15 minutes, which a dump of this size does not keep. `
      + (sizeGiB <= TASK_MAX_GIB ? "Name the images of upkeep:system.fargate: larger ones are dumped by tasks then." : otherwise);
  return [{ path: `${path}.sizeGiB`, message }];
}

/** No task takes these over: see decision 17. */
const exportTooLarge = (path: string, sizeGiB: number): Problem => ({
  path: `${path}.sizeGiB`,
  message: `Expected at most ${lambdaLimits.rawGiB}, got ${sizeGiB}. A function has 15 minutes, in which it does not store an export of this size. `
    + "Remove the backup here and let ElastiCache keep snapshots of it: SnapshotRetentionLimit, at least the days that you would write here.",
});

export function goneBeforeTheNext({ asked, backup }: AskedFor): readonly Problem[] {
  const gap = gapSeconds(backup.schedule);
  if (backup.keepDays * DAY_SECONDS > gap) return [];
  return [{
    path: `${asked}.keep`,
    message: `Expected longer than the time between two backups (${inWords(gap)}), got ${backup.keepDays} days. `
      + "The days of a backup would be over before the next one exists. Lengthen keep or back up more often.",
  }];
}

/** Retention waits until a newer backup was read whole: with a longer pause than the days to keep, it would wait by rule. */
export function goneBeforeItIsRead({ asked, backup, settings: { verify } }: AskedFor & { readonly settings: Pick<BackedUp["settings"], "verify"> }): readonly Problem[] {
  if (verify.integrity === undefined) return [];
  const gapDays = Math.floor(averageGapDays(verify.integrity));
  if (backup.keepDays >= gapDays) return [];
  return [{
    path: `${asked}.keep`,
    message: `Expected at least ${gapDays} days, the time between two checks that read a backup (${verify.integrity.words}), got ${backup.keepDays} days. `
      + "Nothing expires before a newer one was read: backups would pile up past their days. Lengthen keep or check more often.",
  }];
}

/** On average, because the guides pair 30 days with a monthly drill, and no month with a first Sunday is 30 days from the next. */
function goneBeforeTheDrill({ path, backup }: BackedUp, { verify }: DatabaseSettings): readonly Problem[] {
  if (verify.restore === undefined) return [];
  const drillDays = Math.floor(averageGapDays(verify.restore));
  if (backup.keepDays >= drillDays) return [];
  return [{
    path: `${path}.backup.keep`,
    message: `Expected at least ${drillDays} days, the time between two restore drills (${verify.restore.words}), got ${backup.keepDays} days. `
      + "A fault that the drill finds would have outlived every good backup. Lengthen keep or drill more often.",
  }];
}

function unreachable(path: string, database: DatabaseSettings, { system }: Settings): readonly Problem[] {
  if (database.engine !== "mongodb-atlas") return [];
  if (system.network === undefined) {
    return [{
      path: "upkeep:system.network",
      message: `Expected a network whose NAT gateways have the addresses that ${path}.atlas.allowFrom opens Atlas for, got none. `
        + "Outside a network a function has a new address at every run, and Atlas refuses it.",
    }];
  }
  if (system.network.egress !== "endpoints") return [];
  return [{
    path: `${path}.engine`,
    message: "Expected subnets with a way out (system.network.egress: nat) for MongoDB Atlas, got egress: endpoints. "
      + "Atlas is reached over the internet; from closed subnets the function would wait until its time is over.",
  }];
}

export function duringMaintenance({ asked, backup }: BackedUp, database: DatabaseSettings, settings: Settings): readonly Problem[] {
  const { maintenanceWindow, sizeGiB } = database;
  if (maintenanceWindow === undefined) return [];
  const longest = isElastiCache(database) ? LONGEST_EXPORT_RUN_SECONDS : database.runsOn === "host"
    ? longestHostRunSeconds({ everyMinutes: HOST_EVERY_MINUTES, timeoutSeconds: dumpTask(sizeGiB).timeoutSeconds })
    : longestRunSeconds(runnerOf(sizeGiB, settings));
  const run = overlappingRun(backup.schedule, maintenanceWindow, longest);
  if (run === undefined) return [];
  return [{
    path: `${asked}.every`,
    message: `Expected a time outside the maintenance window (${maintenanceWindow.words}), got ${backup.schedule.words}: its run on `
      + `${weekdayOf(run, backup.schedule)} may be under way in it. The provider may restart the database under the dump. Move one of the two.`,
  }];
}
