import { type RetentionReport, runRetention } from "../../../handlers/retention/run.ts";
import type { Gauge } from "../../../handlers/runtime/metrics.ts";
import type { Store } from "../../../handlers/store/store.ts";
import type { VerificationLevel } from "../../../practice/contract/evidence.ts";
import { supersededTag } from "../../../practice/contract/tags.ts";
import type { TestStore } from "./test-store.ts";

/** Midday; backups are kept 3 days. */
const NOW = "2026-11-23T12:00:00Z";
export const at = (day: number): string => `2026-11-${String(day).padStart(2, "0")}T02:00:00Z`;
export const runOf = (day: number): string => `202611${String(day).padStart(2, "0")}T020000Z`;

export interface Retaining {
  readonly store: Store;
  readonly replica?: Store;
  /** Default: accounts. */
  readonly sources?: readonly string[];
  /** Default: none. */
  readonly levels?: readonly VerificationLevel[];
}

/** Runs retention; what it publishes is added to `published`. */
export const retainIn = ({ store, replica, sources = ["accounts"], levels = [] }: Retaining, published: Gauge[]): Promise<RetentionReport> =>
  runRetention({ system: "campus", stack: "prod", sources: sources.map((source) => ({ source, keepDays: 3, levels })) }, {
    store, ...(replica === undefined ? {} : { replica }), now: () => new Date(NOW), signal: new AbortController().signal,
    publish: (gauges) => {
      published.push(...gauges);
      return Promise.resolve();
    },
  });

/** Keys of what may expire. */
export async function markedIn(store: TestStore): Promise<readonly string[]> {
  const keys: string[] = [];
  for (const key of await store.keys()) if ((await store.tags(key))[supersededTag.key] === supersededTag.value) keys.push(key);
  return keys;
}

export const held = (value: number): readonly Gauge[] => [{ name: "backupsHeldBack", source: "accounts", value }];
