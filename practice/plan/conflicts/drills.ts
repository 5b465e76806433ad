import type { Problem } from "../../config/problems.ts";
import type { DatabaseSettings, Settings } from "../../config/settings.ts";
import type { Schedule } from "../../config/words/schedule.ts";
import { laterInDay } from "../../config/words/time-of-day.ts";
import { averageGapDays, inWords } from "../calendar.ts";
import { drillMaxGiB, drillTask } from "../drill-shape.ts";
import { drillEngineOf } from "../drills.ts";

const DAY_SECONDS = 86_400;

/** What a restore drill rests on: a backup, a task that restores it, a server to restore it into, room and time. */
export const findDrillConflicts = (settings: Settings): readonly Problem[] =>
  Object.entries(settings.databases).flatMap(([name, database]) => {
    const path = `upkeep:databases.${name}`;
    const { restore, smoke } = database.verify;
    if (restore === undefined) return smoke === undefined ? [] : [nobodyAsks(path, database)];
    return [
      ...(database.backup === undefined ? [nothingToRestore(path)] : []),
      ...nothingToCompare(path, database),
      ...withoutServer(path, database, settings),
      ...tooLarge(path, database),
      ...beforeThePreviousEnds(path, database, restore),
    ];
  });

/** By then the night's backup is made. */
const DRILL_AFTER_HOURS = 4;

const nobodyAsks = (path: string, { backup }: DatabaseSettings): Problem => {
  const time = laterInDay(backup?.schedule.words ?? "", DRILL_AFTER_HOURS) ?? "06:00";
  return {
    path: `${path}.verify.smoke`,
    message: `Expected restore beside it, got none: only a restored database is asked. Write \`restore: monthly on first sunday at ${time}\` beside it, or remove it.`,
  };
};

const nothingToRestore = (path: string): Problem => ({
  path: `${path}.verify.restore`,
  message: "Expected a backup that can be restored, got none. Add `backup: { every: ..., keep: ... }` to the database, or remove restore.",
});

const otherwise = (path: string): string => `or remove restore here, and restore by hand (\`npx upkeep restore\`, which writes the same evidence) with an answer to verify.restore under upkeep:notApplicable (${path})`;

/** The others count what they dump as it passes by. */
const nothingToCompare = (path: string, { engine, backup }: DatabaseSettings): readonly Problem[] => (engine === "postgresql" && backup?.content === "off" ? [{
  path: `${path}.backup.content`,
  message: "Expected full beside verify.restore, got off: without the counts and hashes of its source a restored PostgreSQL is compared with nothing, and each drill would fail. Write `content: full`, or remove restore.",
}] : []);

/** In a task, because a function has neither a server beside it nor the time. */
function withoutServer(path: string, { engine }: DatabaseSettings, { system }: Settings): readonly Problem[] {
  const at = `${path}.verify.restore`;
  if (system.fargate === undefined) {
    return [{ path: at, message: `Expected tasks to restore in, got none: upkeep:system.fargate is not there. Name its images, the one of ${drillEngineOf(engine)} among them, ${otherwise(path)}.` }];
  }
  const image = drillEngineOf(engine);
  if (system.fargate.images[image] !== undefined) return [];
  return [{
    path: at,
    message: `Expected an image of the server to restore into, got none: upkeep:system.fargate.images has no ${image}. Add the official one of the version that production runs or a newer one, by its digest, ${otherwise(path)}.`,
  }];
}

function tooLarge(path: string, { engine, sizeGiB }: DatabaseSettings): readonly Problem[] {
  const most = drillMaxGiB[drillEngineOf(engine)];
  if (sizeGiB <= most) return [];
  const room = engine === "redis" ? "memory" : "disk";
  const provider = engine === "postgresql" ? "Where RDS runs it, have AWS Backup restore its snapshots (`snapshots: { restoreTest: ... }`), " : "Restore it on a machine that has the room, ";
  return [{
    path: `${path}.verify.restore`,
    message: `Expected a database of at most ${most} GiB, it has ${sizeGiB}: no task of Fargate has the ${room} that a restore of it takes. ${provider}${otherwise(path)}.`,
  }];
}

/** They would not meet, each has a server of its own; but the age of the newest good one would never be as asked. */
function beforeThePreviousEnds(path: string, { engine, sizeGiB }: DatabaseSettings, restore: Schedule): readonly Problem[] {
  const { timeoutSeconds } = drillTask(drillEngineOf(engine), sizeGiB);
  if (averageGapDays(restore) * DAY_SECONDS > timeoutSeconds) return [];
  return [{
    path: `${path}.verify.restore`,
    message: `Expected drills further apart than one of ${sizeGiB} GiB may take (${inWords(timeoutSeconds)}), got ${restore.words}. Drill less often: the guides ask for once a month, one of them for once a day.`,
  }];
}
