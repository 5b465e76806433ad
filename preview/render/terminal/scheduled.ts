import type { Entry } from "../../../practice/plan/entries.ts";
import type { Schedule } from "../../../practice/config/words/schedule.ts";

/** Work that a schedule starts. */
export interface Scheduled {
  readonly label: string;
  readonly schedule: Schedule;
}

/** What an entry runs on schedules; nothing when it stands, or when an event starts it. */
export function scheduled(entry: Entry, timeZone: string): readonly Scheduled[] {
  switch (entry.kind) {
    case "database-backup":
    case "elasticache-backup":
    case "files-backup":
    case "configuration-backup":
    case "repository-backup":
    case "host-backup":
      return [{ label: `backup ${entry.source}`, schedule: entry.schedule }];
    case "verification":
      return entry.checks.map(({ level, schedule }) => ({ label: `${level === "checksums" ? "sums" : level} ${entry.source}`, schedule }));
    case "drill":
      return [{ label: `drill ${entry.source}`, schedule: entry.schedule }];
    case "retention":
      return [{ label: "retention", schedule: entry.schedule }];
    case "evidence":
      return [{ label: "evidence", schedule: everyMinutes(entry.everyMinutes, timeZone) }];
    case "snapshots":
      return entry.of.kind === "rds" ? [{ label: `snapshots ${entry.source}`, schedule: entry.of.schedule }] : [];
    case "store":
    case "export-bucket":
    case "tools-layer":
    case "tasks":
    case "hosts":
    case "network":
    case "alert":
    case "routing":
    case "quiet":
    case "board":
      return [];
  }
}

const everyMinutes = (minutes: number, timeZone: string): Schedule => ({
  words: `every ${minutes} minutes`,
  expression: `rate(${minutes} minutes)`,
  timeZone,
});
