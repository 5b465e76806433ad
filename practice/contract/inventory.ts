import { copiesPrefix, runIdOf } from "./store.ts";

/** One line of the list of a bucket's objects: an object as it was, and where its copy lies in the store. */
export interface InventoryEntry {
  /** Key in the bucket that is backed up. */
  readonly key: string;
  /** `null` in a bucket without versions: there the ETag tells one content from the next. */
  readonly versionId: string;
  /** As S3 says it, with its quotes. */
  readonly etag: string;
  readonly bytes: number;
  /** Base64, of all bytes of the copy, as S3 computed it while it copied. */
  readonly crc32: string;
  /** Key of the copy in the store. */
  readonly copy: string;
  /** The copy's own ETag: a listing shows by it that nobody has written over the copy. */
  readonly copyEtag: string;
}

/** What a list of copies adds up to. */
export interface InventorySummary {
  /** Lines of the list. */
  readonly objects: number;
  /** Of all the copies: what a restore brings back. */
  readonly bytes: number;
  /** SHA-256 of the lines, before compression. */
  readonly sha256: string;
  /** Those of them that this run had to copy. */
  readonly copiedObjects: number;
  readonly copiedBytes: number;
  /** Objects that were listed and gone before they could be copied: their deletion came first. */
  readonly vanishedObjects: number;
}

/** How the hash of all objects is made: of the lines `[key, bytes, crc32]` as JSON, in the order of the keys' UTF-8 bytes. */
export const inventoryHashedBy = "upkeep-inventory-1";

/** Name of that hash, and of the count of objects, in a manifest. */
export const inventoryPart = "objects";

/** Ending of the list's key. */
export const inventoryExtension = "inventory.jsonl.gz";

/** Where a copy lies. `hash`: 64 hexadecimal digits of what it is a copy of. */
export const copyKey = (system: string, source: string, hash: string): string => `${copiesPrefix(system, source)}${hash}`;

/** In the store, beside the systems: no system's name begins with a dot. What lies here expires a day after it was written. */
export const workPrefix = (system: string, source: string): string => `.work/${system}/${source}/`;

/** The files of one attempt at a run: what is to be copied, what was, and what need not be. */
export const workKey = (system: string, source: string, scheduledAt: Date, attempt: string, name: string): string =>
  `${workPrefix(system, source)}${runIdOf(scheduledAt)}/${attempt}-${name}`;

/** What the state machine asks first: what is there, and what of it is not in the store? */
export interface ListRequest {
  readonly action: "list";
  readonly scheduledTime: string;
}

/** `batches`: lists of objects to copy, which the machine hands out one by one. */
export type Listed =
  | { readonly outcome: "listed"; readonly batches: number; /** Key of the list of the lists, for the machine. */ readonly index: string; /** Key of what the last step needs to know. */ readonly work: string }
  /** Another delivery of the same run was first. */
  | { readonly outcome: "already-stored"; readonly manifestKey: string };

/** What it asks for each batch. */
export interface CopyRequest {
  readonly action: "copy";
  /** Key of the batch. */
  readonly batch: string;
}

/** What it asks at the end. */
export interface FinishRequest {
  readonly action: "finish";
  readonly scheduledTime: string;
  readonly work: string;
}

/** One item of the index. */
export interface CopyBatch {
  readonly key: string;
  readonly lines: number;
}

export const copyLimits = {
  /** Of one object: as many parts as one function copies within its 15 minutes, at a tenth of what S3 does. Larger ones are AWS Backup's. */
  objectGiB: 500,
  /** Hours from its list to its manifest. Older work expires, and retention leaves what is younger than two days alone. */
  runHours: 20,
  /** The machine collects a word of each batch, and holds 256 KiB. */
  batches: 10_000,
} as const;

/** Functions that copy at one time. A new account may run ten in all. */
export const COPIES_AT_ONCE = 8;
