import { always, keepsData } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const retention = [
  {
    id: "retention.backups",
    title: "Old backups are deleted after their retention, and only then",
    kind: "protect",
    askedBy: ["webapp", "opendev", "lms", "esn", "trixtech"],
    applies: keepsData,
  },
  {
    id: "retention.logs",
    title: "Logs rotate, are archived monthly, and expire",
    kind: "protect",
    cadence: "monthly",
    askedBy: ["lms", "esn", "trixtech"],
    applies: always,
  },
  {
    id: "retention.logs.central",
    title: "Logs of all parts arrive in one searchable place",
    kind: "protect",
    askedBy: ["esn"],
    applies: always,
  },
  {
    id: "retention.secure-storage",
    title: "Backups are encrypted, private and versioned; in production copied to a second region (the copy is the project's)",
    kind: "protect",
    askedBy: ["webapp", "lms"],
    applies: keepsData,
  },
] as const satisfies readonly CatalogItem[];
