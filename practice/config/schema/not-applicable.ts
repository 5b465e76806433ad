import { catalog, type CatalogId } from "../../catalog/index.ts";
import { day, email, filled } from "./forms.ts";
import { keys } from "./leaf.ts";
import type { Clock } from "./words.ts";

const answer = ({ now }: Clock) => keys({
  reason: filled("a reason in words", "one fixed host, see decision 7"),
  owner: email,
  date: day(now),
}).exactOptional();

/** Why an item of the practice catalog is not carried here, who says so and since when. */
export const notApplicable = (clock: Clock) => {
  const one = answer(clock);
  return keys(
    Object.fromEntries(catalog.map(({ id }) => [id, one])) as Readonly<Record<CatalogId, typeof one>>,
    "the id of a catalog item",
  ).prefault({});
};
