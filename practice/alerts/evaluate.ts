import type { Alarm, AlarmState, CompositeAlarm, Published } from "./alarm.ts";
import { metricState } from "./metric-state.ts";

/** What is remembered of an alarm between two evaluations. */
export interface AlarmMemory {
  readonly state: AlarmState;
  /** When it came into this state. */
  readonly since: Date;
  /** The state that people were told last, by the actions that ran. */
  readonly told: AlarmState;
  /** When it stopped being raised the last time, if it ever was. */
  readonly endedAt?: Date;
}

export interface Evaluated extends AlarmMemory {
  readonly name: string;
  /** Whether the actions of its state run now. */
  readonly acts: boolean;
  /** Why they do not, where there is something to tell. */
  readonly keptQuietBy?: "suppressor" | "wait" | "extension";
}

export interface Evaluation {
  readonly alarms: readonly Alarm[];
  readonly published: readonly Published[];
  readonly now: Date;
  /** What the last evaluation gave. Default: nothing, all alarms are new. */
  readonly before?: readonly (AlarmMemory & { readonly name: string })[];
}

/** States of alarms by CloudWatch's documented rules, and whether their actions run. In the order of `alarms`. */
export function evaluate({ alarms, published, now, before = [] }: Evaluation): readonly Evaluated[] {
  const memory = new Map(before.map((one) => [one.name, one]));
  const known = new Map(alarms.map((alarm) => [alarm.name, alarm]));
  const moved = new Map<string, AlarmMemory>();

  /** A composite's children come first, whatever the order of the list. */
  const move = (name: string, from: string): AlarmMemory => {
    const done = moved.get(name);
    if (done) return done;
    const alarm = known.get(name);
    if (!alarm) throw new Error(`Expected the alarm ${name}, which ${from} names, among the alarms, got none. Declare it, or mend the name.`);
    const old = memory.get(name) ?? { state: "INSUFFICIENT_DATA", since: now, told: "INSUFFICIENT_DATA" };
    const state = alarm.kind === "metric"
      ? metricState(alarm, published, now, old.state)
      : move(childOf(alarm), alarm.name).state === "ALARM" ? "ALARM" : "OK";
    const next: AlarmMemory = state === old.state ? old : { ...old, state, since: now, ...(old.state === "ALARM" ? { endedAt: now } : {}) };
    moved.set(name, next);
    return next;
  };

  return alarms.map((alarm) => {
    const one = move(alarm.name, "the list");
    if (one.state === one.told) return { name: alarm.name, ...one, acts: false };
    const keptQuietBy = alarm.kind === "composite" && alarm.suppressor
      ? quietBy(alarm.suppressor, one, move(alarm.suppressor.alarm, alarm.name), now)
      : undefined;
    return keptQuietBy === undefined
      ? { name: alarm.name, ...one, told: one.state, acts: true }
      : { name: alarm.name, ...one, acts: false, keptQuietBy };
  });
}

function quietBy(
  { waitSeconds, extensionSeconds }: NonNullable<CompositeAlarm["suppressor"]>, { since }: AlarmMemory, suppressor: AlarmMemory, now: Date,
): Evaluated["keptQuietBy"] {
  const secondsSince = (moment: Date): number => (now.getTime() - moment.getTime()) / 1000;
  if (suppressor.state === "ALARM") return "suppressor";
  if (suppressor.endedAt !== undefined && secondsSince(suppressor.endedAt) < extensionSeconds) return "extension";
  return secondsSince(since) < waitSeconds ? "wait" : undefined;
}

function childOf({ name, rule }: CompositeAlarm): string {
  const child = /^ALARM\("([^"]+)"\)$/.exec(rule)?.[1];
  if (child === undefined) throw new Error(`Expected the rule of ${name} to be ALARM("name"), got ${rule}. Teach the evaluation what it means before an alarm uses it.`);
  return child;
}
