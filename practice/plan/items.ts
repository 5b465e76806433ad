import { areaOf, catalog } from "../catalog/index.ts";
import type { Settings } from "../config/settings.ts";
import type { PlannedItem } from "./entries.ts";

/** Every catalog item, and whether this system has what it is about. What carries it is read from the resources. */
export function planItems(settings: Settings): readonly PlannedItem[] {
  return catalog.map((item) => {
    const answer = settings.notApplicable[item.id];
    return {
      id: item.id,
      title: item.title,
      area: areaOf(item.id),
      applies: item.applies.holds(settings),
      ...(answer === undefined ? {} : { notApplicable: answer }),
    };
  });
}
