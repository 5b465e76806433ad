import { backup } from "./backup.ts";
import type { Area, CatalogId, CatalogItem } from "./item.ts";
import { monitors } from "./monitors.ts";
import { protection } from "./protection.ts";
import { recovery } from "./recovery.ts";
import { reports } from "./reports.ts";
import { retention } from "./retention.ts";
import { rotation } from "./rotation.ts";
import { routing } from "./routing.ts";
import { tasks } from "./tasks.ts";
import { upkeep } from "./upkeep.ts";
import { uptime } from "./uptime.ts";
import { verification } from "./verification.ts";

export type { Area, CatalogId, CatalogItem, Guide } from "./item.ts";

/** The areas in the order in which people read them. */
export const areas = {
  backup, retention, verification, upkeep, rotation, uptime,
  monitors, routing, protection, recovery, tasks, reports,
} as const satisfies Readonly<Record<Area, readonly CatalogItem[]>>;

type Item = CatalogItem<CatalogId>;

const byArea = Object.entries(areas) as readonly (readonly [Area, readonly Item[]])[];

const areaById: ReadonlyMap<CatalogId, Area> = new Map(
  byArea.flatMap(([area, items]) => items.map((item) => [item.id, area] as const)),
);

/** Every item of the practice, area by area. */
export const catalog: readonly Item[] = byArea.flatMap(([, items]) => items);

export function itemsOf(area: Area): readonly Item[] {
  return areas[area];
}

export function areaOf(id: CatalogId): Area {
  const area = areaById.get(id);
  if (area === undefined) {
    throw new RangeError(`Expected the id of a catalog item, got "${id}": see docs/practice.md for those that exist.`);
  }
  return area;
}
