import { describe, expect, it } from "vitest";
import { broken, read, refusal } from "./campus.ts";

const withExport = (of: string, rest = "every: weekly on sunday at 04:00, keep: 26 weeks") =>
  broken("      maintenanceWindow: weekly on tuesday at 04:00 for 1 hour\n", `      export: { of: ${of}, ${rest} }\n`);
const said = (yaml: string): string => refusal(() => read(yaml));

describe("the export of a database", () => {
  it("is read, with the columns that were named", () => {
    expect(read(withExport('[users, shop.orders, "people(id, first_name)"]')).databases.accounts?.export).toEqual({
      of: [{ name: "users" }, { name: "shop.orders" }, { name: "people", columns: ["id", "first_name"] }],
      schedule: { words: "weekly on sunday at 04:00", expression: "cron(0 4 ? * SUN *)", timeZone: "Europe/Berlin" }, keepDays: 182,
    });
  });

  it.each([
    ["nothing to export", withExport("[]"), "upkeep:databases.accounts.export.of\n  Expected the tables or collections to export, got an empty list. Write it as `[users, orders]`."],
    ["columns without quotes", withExport("[users(id, email)]"), 'export.of[0]\n  Expected the name of a table or a collection, got "users(id". Write it as `users`, or with some of its columns, in quotes, as `"users(id, email)"`.'],
    ["SQL", withExport('["users; drop table users"]'), "Expected the name of a table or a collection"],
    ["a table twice", withExport("[users, users]"), "export.of[1]\n  Expected each table once, got `users` again. Remove one of the two."],
    ["no days", withExport("[users]", "every: daily at 04:00"), "export.keep\n  Expected weeks or days in words, got nothing."],
    ["another key", withExport("[users]", "every: daily at 04:00, keep: 4 weeks, format: csv"), 'export.format\n  Expected a key: of, every or keep, got "format".'],
  ])("is refused with %s", (_, yaml, message) => {
    expect(said(yaml)).toContain(message);
  });

  it("asks for a name that leaves room for its own, and keeps that for itself", () => {
    const long = "accounts-of-students";
    expect(said(withExport("[users]").replace("    accounts:\n", `    ${long}:\n`))).toContain(
      `Expected a name short enough for the source that upkeep:databases.${long}.export makes of upkeep:databases.${long}, \`${long}-export\`, got 3 too many. Shorten this name by 3 characters`,
    );
    expect(said(withExport("[users]").replace("    uploads:", "    accounts-export:"))).toContain("upkeep:files.accounts-export\n  Expected a name of its own, got that of a part of `accounts-export`");
  });
});
