import type { AlarmState, MetricAlarm, Published } from "./alarm.ts";

/**
 * Periods that CloudWatch looks at beyond those that it has to judge, so that a late value still counts. Its documentation
 * gives the example of 5 for 3 and no general number.
 */
const EXTRA_PERIODS = 2;

/** `true` breaches the threshold; undefined: nothing was published in that period. Newest first. */
type Judged = readonly (boolean | undefined)[];

/** State of an alarm by CloudWatch's documented rules; `before` stays where they say that it does. */
export function metricState(alarm: MetricAlarm, published: readonly Published[], now: Date, before: AlarmState): AlarmState {
  const range = judge(alarm, published.filter((one) => isOfSeries(alarm, one)), now);
  const real = range.flatMap((breaches, index) => (breaches === undefined ? [] : [{ breaches, age: index + 1 }])).slice(0, alarm.periods);
  const breaching = real.filter(({ breaches }) => breaches).length;
  const toFill = alarm.periods - real.length;
  if (breaching >= alarm.datapoints) return "ALARM";
  if (toFill === 0) return "OK";

  switch (alarm.missing) {
    case "breaching": return breaching + toFill >= alarm.datapoints ? "ALARM" : "OK";
    case "notBreaching": return "OK";
    case "ignore": return real.length === 0 || isOldAndUnanswered(real, alarm) ? before : "OK";
    case "missing": {
      if (real.length === 0) return "INSUFFICIENT_DATA";
      return isOldAndUnanswered(real, alarm) ? "ALARM" : "OK";
    }
  }
}

/** All that came breaches, and the first of it so long ago that enough would have come by now. */
const isOldAndUnanswered = (real: readonly { readonly breaches: boolean; readonly age: number }[], { datapoints }: MetricAlarm): boolean =>
  real.every(({ breaches }) => breaches) && (real.at(-1)?.age ?? 0) >= datapoints;

function isOfSeries({ namespace, metric, dimensions }: MetricAlarm, one: Published): boolean {
  const names = Object.keys(dimensions);
  return one.namespace === namespace && one.metric === metric
    && names.length === Object.keys(one.dimensions).length && names.every((name) => one.dimensions[name] === dimensions[name]);
}

/** The periods end at `now`: CloudWatch looks every minute at what came since. */
function judge(alarm: MetricAlarm, published: readonly Published[], now: Date): Judged {
  const periodMilliseconds = alarm.periodSeconds * 1000;
  return Array.from({ length: alarm.periods + EXTRA_PERIODS }, (_, index) => {
    const end = now.getTime() - index * periodMilliseconds;
    const values = published.filter(({ at }) => at.getTime() <= end && at.getTime() > end - periodMilliseconds).map(({ value }) => value);
    return values.length === 0 ? undefined : crosses(alarm, statisticOf(alarm.statistic, values));
  });
}

function statisticOf(statistic: MetricAlarm["statistic"], values: readonly number[]): number {
  switch (statistic) {
    case "Maximum": return Math.max(...values);
    case "Sum": return values.reduce((sum, value) => sum + value, 0);
  }
}

function crosses({ comparison, threshold }: MetricAlarm, value: number): boolean {
  switch (comparison) {
    case "GreaterThanThreshold": return value > threshold;
    case "GreaterThanOrEqualToThreshold": return value >= threshold;
    case "LessThanThreshold": return value < threshold;
    case "LessThanOrEqualToThreshold": return value <= threshold;
  }
}
