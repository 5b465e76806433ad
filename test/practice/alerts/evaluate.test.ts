import { describe, expect, it } from "vitest";
import type { Alarm, AlarmState, CompositeAlarm, MetricAlarm, Published } from "../../../practice/alerts/alarm.ts";
import { type Evaluated, evaluate } from "../../../practice/alerts/evaluate.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const PERIOD_SECONDS = 900;
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

const series = { namespace: "Upkeep", metric: "Age", dimensions: { System: "campus", Source: "accounts" } } as const;
const alarmWith = (changed: Partial<MetricAlarm> = {}): MetricAlarm => ({
  kind: "metric", name: "age", ...series, statistic: "Maximum", periodSeconds: PERIOD_SECONDS, datapoints: 3, periods: 3,
  comparison: "GreaterThanThreshold", threshold: 10, missing: "breaching", ...changed,
});

/** Seconds before now, in the middle of a period; 0 is the newest one. */
const inPeriod = (index: number): number => -(index + 0.5) * PERIOD_SECONDS;
const point = (secondsFromNow: number, value: number, changed: Partial<Published> = {}): Published =>
  ({ ...series, at: later(secondsFromNow), value, ...changed });

/** One character for each period, the newest on the right: X breaches, 0 does not, - is missing. */
const points = (picture: string): readonly Published[] => picture.split(" ").toReversed()
  .flatMap((sign, index) => (sign === "-" ? [] : [point(inPeriod(index), sign === "X" ? 11 : 9)]));

const first = (evaluated: readonly Evaluated[]): Evaluated => {
  const [one] = evaluated;
  if (!one) throw new Error("Expected an evaluated alarm.");
  return one;
};
const stateOf = (alarm: MetricAlarm, published: readonly Published[], state: AlarmState = "INSUFFICIENT_DATA"): AlarmState =>
  first(evaluate({ alarms: [alarm], published, now: NOW, before: [{ name: alarm.name, state, since: later(-9e5), told: state }] })).state;

describe("an alarm whose periods are all there", () => {
  it.each([
    ["GreaterThanThreshold", 10, "OK"], ["GreaterThanThreshold", 10.1, "ALARM"],
    ["GreaterThanOrEqualToThreshold", 9.9, "OK"], ["GreaterThanOrEqualToThreshold", 10, "ALARM"],
    ["LessThanThreshold", 10, "OK"], ["LessThanThreshold", 9.9, "ALARM"],
    ["LessThanOrEqualToThreshold", 10.1, "OK"], ["LessThanOrEqualToThreshold", 10, "ALARM"],
  ] as const)("compares by %s: %d is %s", (comparison, value, state) => {
    expect(stateOf(alarmWith({ comparison, datapoints: 1, periods: 1 }), [point(-1, value)])).toBe(state);
  });

  it.each([["Maximum", 9, "OK"], ["Sum", 9, "ALARM"], ["Maximum", 11, "ALARM"]] as const)("makes the %s of a period's values", (statistic, larger, state) => {
    const alarm = alarmWith({ statistic, datapoints: 1, periods: 1 });
    expect(stateOf(alarm, [point(-100, larger), point(-200, 2)])).toBe(state);
  });

  it("counts M of N, not only those in a row", () => {
    expect(stateOf(alarmWith({ datapoints: 2 }), points("0 0 X 0 X"))).toBe("ALARM");
    expect(stateOf(alarmWith({ datapoints: 2 }), points("X X X 0 0"))).toBe("OK");
    expect(stateOf(alarmWith({ datapoints: 3 }), points("X X X 0 X"))).toBe("OK");
  });

  it("counts a value in the period that ends with it, and nothing from the future", () => {
    const alarm = alarmWith({ datapoints: 1, periods: 1, missing: "notBreaching" });
    expect(stateOf(alarm, [point(0, 11)])).toBe("ALARM");
    expect(stateOf(alarm, [point(1, 11)])).toBe("OK");
    expect(stateOf(alarm, [point(0, 9), point(-PERIOD_SECONDS, 11)])).toBe("OK");
  });

  it.each([
    ["another value", { dimensions: { System: "campus", Source: "catalogue" } }],
    ["one more", { dimensions: { ...series.dimensions, Stack: "prod" } }],
    ["one less", { dimensions: { System: "campus" } }],
    ["another metric", { metric: "Bytes" }],
    ["another namespace", { namespace: "AWS/S3" }],
  ])("does not take a series with %s of its dimensions for its own", (_, changed) => {
    const alarm = alarmWith({ datapoints: 1, periods: 1, missing: "notBreaching" });
    expect(stateOf(alarm, [point(-1, 11, changed)])).toBe("OK");
    expect(stateOf(alarm, [point(-1, 11)])).toBe("ALARM");
  });
});

/** The tables of CloudWatch's documentation. `kept`: the alarm stays as it was. */
describe.each([
  [3, "0 - X - X", ["OK", "OK", "OK", "OK"]],
  [3, "0 - - - -", ["OK", "OK", "OK", "OK"]],
  [3, "- - - - -", ["INSUFFICIENT_DATA", "kept", "ALARM", "OK"]],
  [3, "0 X X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [3, "- - X - -", ["ALARM", "kept", "ALARM", "OK"]],
  [2, "0 - X - X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [2, "0 0 X 0 X", ["ALARM", "ALARM", "ALARM", "ALARM"]],
  [2, "0 - X - -", ["OK", "OK", "ALARM", "OK"]],
  [2, "- - - - 0", ["OK", "OK", "ALARM", "OK"]],
  [2, "- - - X -", ["ALARM", "kept", "ALARM", "OK"]],
] as const)("%d of 3 with %s", (datapoints, picture, expected) => {
  it.each((["missing", "ignore", "breaching", "notBreaching"] as const).map((missing, index) => [missing, expected[index] ?? ""] as const))("missing data %s: %s", (missing, state) => {
    const alarm = alarmWith({ datapoints, missing });
    for (const before of ["OK", "ALARM"] as const) expect(stateOf(alarm, points(picture), before)).toBe(state === "kept" ? before : state);
  });
});

it("a single breaching value is no alarm yet while the others may still come", () => {
  for (const picture of ["- - - - X", "- - - X -"]) expect(stateOf(alarmWith({ missing: "missing" }), points(picture), "OK")).toBe("OK");
});

describe("actions", () => {
  const alarm = alarmWith({ datapoints: 1, periods: 1 });

  it("run once, when the state changes", () => {
    const raised = evaluate({ alarms: [alarm], published: points("X"), now: NOW });
    expect(first(raised)).toMatchObject({ state: "ALARM", acts: true });
    const again = evaluate({ alarms: [alarm], published: points("X"), now: NOW, before: raised });
    expect(first(again)).toMatchObject({ state: "ALARM", acts: false, since: NOW });
    expect(first(evaluate({ alarms: [alarm], published: points("0"), now: NOW, before: again }))).toMatchObject({ state: "OK", acts: true });
  });
});

describe("a composite alarm", () => {
  const silent = alarmWith({ name: "silent", metric: "Runs", datapoints: 1, periods: 1, comparison: "LessThanThreshold" });
  const measured = alarmWith({ name: "measured", datapoints: 1, periods: 1 });
  const composite: CompositeAlarm = { kind: "composite", name: "age", rule: 'ALARM("measured")', suppressor: { alarm: "silent", waitSeconds: 120, extensionSeconds: 120 } };
  const alarms: readonly Alarm[] = [composite, measured, silent];

  /** What is at a moment, after what was: `age` and `runs` in that moment's period. */
  const at = (seconds: number, { age, runs }: { readonly age: number; readonly runs: number }, before?: readonly Evaluated[]): readonly Evaluated[] =>
    evaluate({ alarms, published: [point(seconds, age), point(seconds, runs, { metric: "Runs" })], now: later(seconds), ...(before && { before }) });
  const bad = { age: 11, runs: 11 };
  const badAndSilent = { age: 11, runs: 0 };
  const good = { age: 9, runs: 11 };
  const long = PERIOD_SECONDS;
  const healthy = at(0, good, at(-3 * long, good));

  it("is raised when the alarm of its rule is, and OK otherwise", () => {
    expect(first(healthy)).toMatchObject({ state: "OK", told: "OK" });
    expect(first(at(long, bad, healthy))).toMatchObject({ name: "age", state: "ALARM" });
  });

  it("waits for its suppressor before it acts, and then acts", () => {
    const raised = at(long, bad, healthy);
    expect(first(raised)).toMatchObject({ acts: false, keptQuietBy: "wait" });
    const waiting = at(long + 119, bad, raised);
    expect(first(waiting)).toMatchObject({ acts: false, keptQuietBy: "wait" });
    const acted = at(long + 120, bad, waiting);
    expect(first(acted)).toMatchObject({ state: "ALARM", acts: true });
    expect(first(at(long + 180, bad, acted))).toMatchObject({ state: "ALARM", acts: false });
  });

  it("stays quiet when its suppressor is raised while it waits, and as long as that is", () => {
    const raised = at(long, bad, healthy);
    const suppressed = at(long + 60, badAndSilent, raised);
    expect(first(suppressed)).toMatchObject({ state: "ALARM", acts: false, keptQuietBy: "suppressor" });
    expect(first(at(20 * long, badAndSilent, suppressed))).toMatchObject({ acts: false, keptQuietBy: "suppressor" });
  });

  it("stays quiet a while after its suppressor has ended, and then acts if it is still raised", () => {
    const suppressed = at(4 * long, badAndSilent, at(long, badAndSilent, healthy));
    const ended = at(8 * long, bad, suppressed);
    expect(first(ended)).toMatchObject({ state: "ALARM", acts: false, keptQuietBy: "extension" });
    const still = at(8 * long + 119, bad, ended);
    expect(first(still)).toMatchObject({ acts: false, keptQuietBy: "extension" });
    expect(first(at(8 * long + 120, bad, still))).toMatchObject({ state: "ALARM", acts: true });
  });

  it("says nothing of what came and went while it was suppressed", () => {
    const suppressed = at(4 * long, badAndSilent, at(long, badAndSilent, healthy));
    const ended = at(8 * long, good, suppressed);
    const after = at(12 * long, good, ended);
    expect([first(ended).acts, first(after).acts, first(after).state]).toEqual([false, false, "OK"]);
  });

  it("must name alarms that there are, by a rule that is understood", () => {
    expect(() => evaluate({ alarms: [composite, silent], published: [], now: NOW })).toThrow("Expected the alarm measured, which age names, among the alarms, got none.");
    const other: CompositeAlarm = { ...composite, rule: 'ALARM("measured") AND NOT ALARM("silent")' };
    expect(() => evaluate({ alarms: [other, measured, silent], published: [], now: NOW })).toThrow('Expected the rule of age to be ALARM("name"), got ALARM("measured") AND NOT ALARM("silent").');
  });
});
