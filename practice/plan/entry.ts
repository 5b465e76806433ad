import type { CatalogId } from "../catalog/item.ts";

/** What every entry of a plan says of itself. Plain data; it travels with the resources as JSON. */
export interface EntryOf<Kind extends string> {
  readonly kind: Kind;
  /** Part of the resource names. Never depends on a label, an index or an order: changing it replaces resources. */
  readonly name: string;
  /** Path in the stack file that it came from, e.g. `upkeep:databases.catalogue.backup`. */
  readonly from: string;
  /** Catalog items that this entry's resources carry. */
  readonly carries: readonly CatalogId[];
}
