import type { ExportedTable } from "../../contract/exported.ts";
import { sentence } from "../problems.ts";
import { meaning, noMeaning } from "../words/parsed.ts";
import { keys, leaf, listOf } from "./leaf.ts";
import { backupSchedule, type Clock, keepWeeks } from "./words.ts";

const word = String.raw`[A-Za-z_][\w$-]*`;
const written = new RegExp(String.raw`^(?<name>${word}(\.${word})*)(\((?<columns> *${word}(\.${word})*( *, *${word}(\.${word})*)* *)\))?$`);

/** `users`, `shop.users`, or with the columns that may leave the database: `users(id, email)`. */
const table = leaf<ExportedTable>((value) => {
  const { name, columns } = (typeof value === "string" ? written.exec(value)?.groups : undefined) ?? {};
  if (name === undefined) return noMeaning("the name of a table or a collection", "write it as `users`, or with some of its columns, in quotes, as `\"users(id, email)\"`");
  return meaning({ name, ...(columns === undefined ? {} : { columns: columns.split(",").map((column) => column.trim()) }) });
});

/** No default for the days: an export holds what people may ask to be forgotten. */
export const exported = (clock: Clock) =>
  keys({ of: listOf(table, "the tables or collections to export", "[users, orders]"), every: backupSchedule(clock), keep: keepWeeks })
    .superRefine(({ of }, context) => {
      const names = of.map(({ name }) => name);
      for (const [index, name] of names.entries()) {
        if (names.indexOf(name) === index) continue;
        context.addIssue({ code: "custom", path: ["of", index], message: sentence("each table once", `\`${name}\` again`, "remove one of the two") });
      }
    })
    .transform(({ every, keep, of }) => ({ schedule: every, keepDays: keep, of }));
