import { hasRecords, keepsData } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const verification = [
  {
    id: "verify.completion",
    title: "Backup completion is checked daily; a failed or a missing backup raises a warning",
    kind: "alert",
    cadence: "daily",
    askedBy: ["webapp", "lms", "esn", "trixtech"],
    applies: keepsData,
  },
  {
    id: "verify.integrity",
    title: "Backup files are checked for integrity (checksum, readable archive, plausible size)",
    kind: "automated",
    cadence: "weekly",
    askedBy: ["opendev", "trixtech"],
    applies: keepsData,
  },
  {
    id: "verify.restore",
    title: "A full restore is tested into a scratch database, and its contents are compared",
    kind: "automated",
    cadence: "monthly",
    askedBy: ["opendev", "lms", "esn", "trixtech"],
    applies: hasRecords,
  },
  {
    id: "verify.dr-drill",
    title: "Disaster-recovery drill (restore service from backup, end to end, timed against RTO/RPO)",
    kind: "human",
    cadence: "quarterly",
    askedBy: ["lms", "esn"],
    applies: keepsData,
  },
] as const satisfies readonly CatalogItem[];
