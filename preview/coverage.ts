import type { PlannedItem } from "../practice/plan/entries.ts";
import type { PreviewedResource } from "./engine/resource.ts";
import { byUrn } from "./engine/urn.ts";
import type { Value, ValueMap } from "./engine/value.ts";

/** How one item of the practice catalog fares in a system. Applies and carried by nothing: it is missing. */
export interface CoverageRow {
  readonly item: string;
  readonly title: string;
  readonly area: string;
  readonly applies: boolean;
  /** URNs of the components that carry it, in the order of their URNs. */
  readonly carriedBy: readonly string[];
  /** Why it need not be carried although it applies. */
  readonly notApplicable?: NonNullable<PlannedItem["notApplicable"]>;
}

/** Type token of the component whose inputs hold the plan. */
export const planType = "upkeep:index:Maintenance";

/**
 * Reads coverage from what the resources say of themselves: the plan that travels with the whole, the entries that travel
 * with its components. So it holds for any revision, and for a stack that was deployed long ago.
 */
export function coverageOf(resources: readonly PreviewedResource[]): readonly CoverageRow[] {
  const carriers = carriersOf(resources);
  const rows = new Map<string, CoverageRow>();
  for (const item of resources.filter(({ type }) => type === planType).flatMap(itemsOf)) {
    const row = { ...rowOf(item), carriedBy: carriers.get(item.id) ?? [] };
    const other = rows.get(row.item);
    // Two systems in one stack: what applies to one of them applies to the stack.
    if (!other || (row.applies && !other.applies)) rows.set(row.item, row);
  }
  return [...rows.values()];
}

export function isMissing(row: CoverageRow): boolean {
  return row.applies && row.carriedBy.length === 0 && row.notApplicable === undefined;
}

function carriersOf(resources: readonly PreviewedResource[]): ReadonlyMap<string, readonly string[]> {
  const carriers = new Map<string, string[]>();
  for (const { urn, inputs } of resources.toSorted(byUrn)) {
    for (const item of listOf(mapOf(inputs.entry).carries)) {
      if (typeof item !== "string") continue;
      const known = carriers.get(item);
      if (known) known.push(urn);
      else carriers.set(item, [urn]);
    }
  }
  return carriers;
}

interface Item extends Omit<PlannedItem, "id"> {
  readonly id: string;
}

function itemsOf({ inputs }: PreviewedResource): readonly Item[] {
  return listOf(mapOf(inputs.plan).items).map((item) => mapOf(item) as unknown as Item);
}

function rowOf({ id, title, area, applies, notApplicable }: Item): Omit<CoverageRow, "carriedBy"> {
  return { item: id, title, area, applies, ...(notApplicable ? { notApplicable } : {}) };
}

function mapOf(value: Value | undefined): ValueMap {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value as ValueMap : {};
}

function listOf(value: Value | undefined): readonly Value[] {
  return Array.isArray(value) ? value as readonly Value[] : [];
}
