import type { CatalogId } from "../catalog/item.ts";
import type { Settings } from "../config/settings.ts";
import type { StoreEntry } from "./entries.ts";

/** An overwritten or deleted version stays this long: a month in which a mistake can be noticed. */
const NONCURRENT_DAYS = 30;

/** A dump is uploaded within 15 minutes (the limit of a Lambda function); what is unfinished after two days is garbage. */
const UNFINISHED_UPLOAD_DAYS = 2;

/** The longest window that AWS offers between asking for a key's deletion and the loss of all it encrypted. */
const KEY_WINDOW_DAYS = 30;

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
