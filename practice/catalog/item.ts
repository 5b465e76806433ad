import type { Settings } from "../config/settings.ts";
import type { areas } from "./index.ts";

/** Id of a catalog item, e.g. `backup.postgresql.daily`. */
export type CatalogId = (typeof areas)[Area][number]["id"];

export type Area =
  | "backup" | "retention" | "verification" | "upkeep" | "rotation" | "uptime"
  | "monitors" | "routing" | "protection" | "recovery" | "tasks" | "reports";

/**
 * automated: a schedule runs it. alert: a monitor watches it. human: a tracked task on a schedule.
 * protect: a setting that stands. procedure: a runbook that a person or an alarm starts.
 */
export type Kind = "automated" | "alert" | "human" | "protect" | "procedure";

/** One thing that a maintenance practice holds. */
export interface CatalogItem<Id extends string = string> {
  readonly id: Id;
  readonly title: string;
  readonly kind: Kind;
  /** How often it is due, in words, as the guides say it. Absent: it stands, an event starts it, or no guide says. */
  readonly cadence?: string;
  /** Which of the five guides ask for it; `project` where none does and it makes the others trustworthy. */
  readonly askedBy: readonly Guide[];
  readonly applies: Applicability;
}

export type Guide = "webapp" | "opendev" | "lms" | "esn" | "trixtech" | "project";

/** When an item applies, in words and as a rule over what the system has; never over its name. */
export interface Applicability {
  readonly when: string;
  readonly holds: (settings: Settings) => boolean;
}
