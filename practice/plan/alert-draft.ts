import type { AlertEntry } from "./entries.ts";

/** What an alert says of itself; the rest is the same for all. */
export type AlertDraft = Omit<AlertEntry, "kind" | "pagedBy" | "runbook" | "owner">;

/** Name of the alert that suppresses the ages while nobody measures them. */
export const EVIDENCE_SILENT = "evidence-silent";

/** What a fault is raised by: one is enough. */
export const faultInWords = { failed: "one failed run", "not-started": "one start that failed" } as const;
