import type { Identifier } from "../config/settings.ts";
import type { Schedule } from "../config/words/schedule.ts";
import type { EntryOf } from "./entry.ts";

/** Snapshots that the provider takes, beside the dumps. */
export interface SnapshotsEntry extends EntryOf<"snapshots"> {
  readonly source: string;
  readonly keepDays: number;
  readonly pointInTimeDays: number;
  readonly of:
    | { readonly kind: "atlas"; readonly projectId: Identifier; readonly cluster: string; readonly everyHours: number }
    | {
      readonly kind: "rds";
      readonly resource: Identifier;
      readonly schedule: Schedule;
      readonly restoreTest: Schedule;
      /** Region of the copies. */
      readonly secondRegion?: string;
      /** Days in which nobody may delete a snapshot; `compliance`: the owner of the account neither. */
      readonly lock: { readonly mode: "governance" | "compliance"; readonly days: number };
      /** Days in which the vaults' deleted key can be brought back. */
      readonly keyWindowDays: number;
    };
}
