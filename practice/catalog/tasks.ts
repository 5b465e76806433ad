import { always, undeclared } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const tasks = [
  {
    id: "task.daily-review",
    title: "Daily check list (errors, latency, backups, third parties, orders)",
    kind: "human",
    cadence: "daily",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "task.weekly-review",
    title: "Weekly check list (slow queries, memory, access and security logs, payments, feedback)",
    kind: "human",
    cadence: "weekly",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "task.monthly-review",
    title: "Monthly check list (dependencies, performance, security audit, documentation)",
    kind: "human",
    cadence: "monthly",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "task.quarterly-review",
    title: "Quarterly check list (capacity, full audit, documentation, guide update)",
    kind: "human",
    cadence: "quarterly",
    askedBy: ["lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "task.yearly-review",
    title: "Yearly check list (security audit, penetration test, backup security, DR drill, policies)",
    kind: "human",
    cadence: "yearly",
    askedBy: ["lms"],
    applies: always,
  },
  {
    id: "task.deployment-checklist",
    title: "Pre-, during- and post-deployment check list",
    kind: "procedure",
    askedBy: ["lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "task.documentation",
    title: "Documentation and changelog are reviewed and kept",
    kind: "human",
    cadence: "monthly",
    askedBy: ["webapp", "lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "task.support",
    title: "Support requests are acknowledged in time",
    kind: "human",
    askedBy: ["trixtech"],
    applies: undeclared("whether it answers support requests"),
  },
  {
    id: "task.overdue",
    title: "A task that nobody closed in time is escalated",
    kind: "alert",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: always,
  },
] as const satisfies readonly CatalogItem[];
