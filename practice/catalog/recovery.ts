import { always, hasEndpoint, hasMongo, hasPostgres } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const recovery = [
  {
    id: "recover.restore.mongodb",
    title: "Restore MongoDB from a chosen backup (stop, restore, verify, restart, smoke test)",
    kind: "procedure",
    askedBy: ["webapp", "opendev", "lms", "trixtech"],
    applies: hasMongo,
  },
  {
    id: "recover.restore.postgresql",
    title: "Restore PostgreSQL from a chosen backup (stop, restore, verify, restart, smoke test)",
    kind: "procedure",
    askedBy: ["lms", "esn"],
    applies: hasPostgres,
  },
  {
    id: "recover.rollback",
    title: "Roll the application back to the last stable version",
    kind: "procedure",
    askedBy: ["webapp", "lms", "esn"],
    applies: always,
  },
  {
    id: "recover.restart",
    title: "Restart the application and check it",
    kind: "procedure",
    askedBy: ["opendev", "lms", "trixtech"],
    applies: always,
  },
  {
    id: "recover.maintenance-mode",
    title: "Maintenance mode on and off around a deployment",
    kind: "procedure",
    askedBy: ["esn"],
    applies: hasEndpoint,
  },
  {
    id: "recover.scale-out",
    title: "Add capacity under high load",
    kind: "procedure",
    askedBy: ["lms", "esn"],
    applies: hasEndpoint,
  },
  {
    id: "recover.communicate",
    title: "Users and stakeholders are told during an incident (status page, message templates)",
    kind: "procedure",
    askedBy: ["esn", "trixtech"],
    applies: always,
  },
  {
    id: "recover.diagnose",
    title: "Each common problem of the guide has its own runbook (symptom, look, mend)",
    kind: "procedure",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "recover.post-mortem",
    title: "An incident leaves a report, a root cause and follow-ups",
    kind: "human",
    askedBy: ["esn", "trixtech"],
    applies: always,
  },
] as const satisfies readonly CatalogItem[];
