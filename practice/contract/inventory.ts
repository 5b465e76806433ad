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
