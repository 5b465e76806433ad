/** One line of the list of a bucket's objects: an object as it was, and where its copy lies in the store. */
export interface InventoryEntry {
  /** Key in the bucket that is backed up. */
  readonly key: string;
  /** `null` in a bucket without versions: there the ETag tells one content from the next. */
  readonly versionId: string;
  /** As S3 says it, with its quotes. */
  readonly etag: string;
  readonly bytes: number;
  /** Base64, of all bytes of the copy. */
  readonly crc32: string;
  /** Key of the copy in the store. */
  readonly copy: string;
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

/** How the hash of all objects is made: of the lines `key`, `bytes`, `crc32` as JSON, in the order of the keys. */
export const inventoryHashedBy = "upkeep-inventory-1";

/** Name of that hash, and of the count of objects, in a manifest. */
export const inventoryPart = "objects";

/** Ending of the list's key. */
export const inventoryExtension = "inventory.jsonl.gz";
