import type { CatalogId } from "../catalog/item.ts";
import type { Settings } from "../config/settings.ts";
import type { StoreEntry } from "./entries.ts";
import { KEY_WINDOW_DAYS } from "./keys.ts";

/** What was overwritten, deleted or expired can be brought back for a week; longer, and `keep: 7 days` would store a month. */
const NONCURRENT_DAYS = 7;

/** A dump is uploaded within 15 minutes (the limit of a Lambda function); what is unfinished after two days is garbage. */
const UNFINISHED_UPLOAD_DAYS = 2;

export function planStore({ store, system }: Settings): StoreEntry {
  const secure: readonly CatalogId[] =
    system.production && store.secondRegion === undefined ? [] : ["retention.secure-storage"];
  return {
    kind: "store",
    name: "backups",
    from: "upkeep:store",
    carries: secure,
    ...(store.secondRegion === undefined ? {} : { secondRegion: store.secondRegion }),
    ...(store.lock === undefined ? {} : { lock: store.lock }),
    noncurrentDays: NONCURRENT_DAYS,
    unfinishedUploadDays: UNFINISHED_UPLOAD_DAYS,
    keyWindowDays: KEY_WINDOW_DAYS,
  };
}
