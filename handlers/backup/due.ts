import { hostEnvironment } from "../../practice/contract/environment.ts";
import { newestFiring } from "../../practice/contract/clock/firings.ts";
import { isZone } from "../../practice/contract/clock/zone.ts";
import { readEnvironment } from "../runtime/environment.ts";

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The run that a host has to make: that of its schedule's last time which is not after now. A machine that was off at
 * that time makes it when it is on again, under that time's name.
 */
export function dueRun(env: Variables, now: Date): Date {
  const { schedule, timeZone } = readEnvironment({ schedule: hostEnvironment.schedule, timeZone: hostEnvironment.timeZone }, env);
  if (!isZone(timeZone)) throw new Error(`Expected ${hostEnvironment.timeZone} to be a time zone such as Europe/Berlin, it is ${timeZone}.`);
  const due = newestFiring({ expression: schedule, timeZone }, now);
  if (due === undefined) throw new Error(`Expected ${hostEnvironment.schedule} to have fired in the last four years, ${schedule} has not.`);
  return due;
}
