import { always } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const reports = [
  {
    id: "report.health",
    title: "Health reports (daily uptime, weekly performance, monthly activity, quarterly security)",
    kind: "automated",
    cadence: "daily, weekly, monthly and quarterly",
    askedBy: ["trixtech"],
    applies: always,
  },
  {
    id: "report.contacts",
    title: "Emergency contacts and escalation path stand in one place that alerts link to",
    kind: "protect",
    askedBy: ["opendev", "lms", "esn", "trixtech"],
    applies: always,
  },
] as const satisfies readonly CatalogItem[];
