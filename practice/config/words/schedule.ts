export { firings, longestGapSeconds } from "../../contract/clock/firings.ts";
export { parseSchedule } from "./schedule-words.ts";

/** When something happens, again and again. */
export interface Schedule {
  /** As the person wrote it, e.g. `daily at 01:30`. */
  readonly words: string;
  /** As EventBridge Scheduler wants it: `cron(30 1 * * ? *)` or `rate(15 minutes)`. */
  readonly expression: string;
  /** IANA name. */
  readonly timeZone: string;
}

/** A span of the week in which the provider may restart things. */
export interface Window {
  readonly words: string;
  readonly schedule: Schedule;
  readonly minutes: number;
}
