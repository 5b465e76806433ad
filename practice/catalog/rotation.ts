import { hasDatabase, undeclared } from "./has.ts";
import type { CatalogItem } from "./item.ts";

export const rotation = [
  {
    id: "rotate.session-secrets",
    title: "Session-signing secrets are generated and rotated; the application restarts with the new one",
    kind: "automated",
    cadence: "monthly",
    askedBy: ["opendev", "lms", "esn"],
    applies: undeclared("whether it signs sessions or tokens"),
  },
  {
    id: "rotate.database-passwords",
    title: "Database passwords rotate with no failed connection (create, set, test, finish)",
    kind: "automated",
    askedBy: ["opendev"],
    applies: hasDatabase,
  },
  {
    id: "rotate.api-keys",
    title: "API keys rotate every 90 days",
    kind: "automated",
    cadence: "every 90 days",
    askedBy: ["esn"],
    applies: undeclared("whether it holds API keys"),
  },
  {
    id: "rotate.finish",
    title: "The old secret goes only after the new one is verified; a failed rotation alerts",
    kind: "alert",
    askedBy: ["opendev", "esn"],
    applies: undeclared("which secrets rotate"),
  },
] as const satisfies readonly CatalogItem[];
