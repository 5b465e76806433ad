import { catalog, type CatalogId } from "../../catalog/index.ts";
import { day, email, filled } from "./forms.ts";
import { keys } from "./leaf.ts";

const answer = keys({
  reason: filled("a reason in words", "one fixed host, see decision 7"),
  owner: email,
  date: day,
}).exactOptional();

/** Why an item of the practice catalog is not carried here, who says so and since when. */
export const notApplicable = keys(
  Object.fromEntries(catalog.map(({ id }) => [id, answer])) as Readonly<Record<CatalogId, typeof answer>>,
  "the id of a catalog item",
).prefault({});
