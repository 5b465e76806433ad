import { noMeaning } from "../words/parsed.ts";
import { rdsResource } from "./forms.ts";
import { keys, leaf } from "./leaf.ts";
import { type Clock, keepDays, pointInTimeDays, schedule } from "./words.ts";

/** Guides keep dumps for 30 days; a snapshot of the month's first day has to outlive the month. */
const KEEP_DAYS = 35;

/** What Atlas and RDS begin with; AWS keeps at most 35. */
const POINT_IN_TIME_DAYS = 7;

const common = {
  keep: keepDays("35 days").default(KEEP_DAYS),
  pointInTime: pointInTimeDays.default(POINT_IN_TIME_DAYS),
};

/** Atlas chooses the minutes itself, from the cluster's own reference time. */
export const atlasSnapshots = keys(common).transform(({ keep, pointInTime }) => ({ keepDays: keep, pointInTimeDays: pointInTime }));

/** Of a PostgreSQL database that RDS runs, through AWS Backup. */
export const rdsSnapshots = (clock: Clock) => {
  const cron = schedule(clock).refine(({ expression }) => expression.startsWith("cron("), {
    error: "Expected a time of day, got an interval, which AWS Backup does not know. Write it as `daily at 04:30`.",
  });
  return keys({ resource: rdsResource, every: cron, restoreTest: cron, ...common })
    .transform(({ resource, every, restoreTest, keep, pointInTime }) =>
      ({ resource, schedule: every, restoreTest, keepDays: keep, pointInTimeDays: pointInTime }));
};

/** Where nobody but us could take them. */
export const noSnapshots = leaf<never, never>(() =>
  noMeaning("no managed snapshots of this database", "leave the key out: they are taken by Atlas or, for PostgreSQL, by RDS; the dumps stay"));
