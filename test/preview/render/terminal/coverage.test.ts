import { expect, it } from "vitest";
import type { CoverageRow } from "../../../../preview/coverage.ts";
import { coverageList } from "../../../../preview/render/terminal/coverage-list.ts";
import { coverageSummary } from "../../../../preview/render/terminal/coverage-summary.ts";
import { colouredPage, plainPage, read } from "../../../support/page.ts";

const row = (item: string, parts: Partial<CoverageRow> = {}): CoverageRow =>
  ({ item, title: `Title of ${item}`, area: item.split(".")[0] ?? "", applies: true, carriedBy: [], ...parts });

const backup = "urn:pulumi:prod::campus::upkeep:index:Maintenance$upkeep:backup:DatabaseBackup::campus-accounts";

const rows: readonly CoverageRow[] = [
  row("backup.postgresql.daily", { carriedBy: [backup, backup.replace("accounts", "orders")] }),
  row("backup.mongodb.daily", { applies: false }),
  row("backup.repository"),
  row("protect.patching", { notApplicable: { reason: "No host to patch", owner: "platform@campus.example", date: "2026-11-23" } }),
];

it("adds up each area and all of them", () => {
  expect(read(coverageSummary(rows, "named below", plainPage))).toBe([
    "Coverage  1 of 3 items that apply are carried",
    "  area     applies  carried  missing  answered",
    "  backup         2        1        1         -",
    "  protect        1        -        -         1",
    "  all            3        1        1         1",
    "  1 item missing: named below",
  ].join("\n"));
});

it("makes what is missing stand out, and nothing else", () => {
  const painted = coverageSummary(rows, "named below", colouredPage).join("\n");
  expect([...painted.matchAll(/\u001b\[31m([^\u001b]*)/g)].map((found) => found[1])).toEqual(["1", "1", "1 item missing"]);
});

it("says nothing of missing items when there are none", () => {
  expect(read(coverageSummary(rows.filter(({ item }) => item !== "backup.repository"), "named below", plainPage))).not.toContain("named below");
});

it("lists every item with what became of it, and hides none", () => {
  expect(read(coverageList(rows, plainPage))).toBe([
    "backup  1 of 2 items that apply are carried",
    "  carried   backup.postgresql.daily  Title of backup.postgresql.daily",
    "                                     by DatabaseBackup campus-accounts,",
    "                                     campus-orders",
    "  not here  backup.mongodb.daily     Title of backup.mongodb.daily",
    "                                     applies when it has a MongoDB database,",
    "                                     self-hosted or in Atlas",
    "  missing   backup.repository        Title of backup.repository",
    "",
    "protect  0 of 1 item that apply is carried",
    "  answered  protect.patching  Title of protect.patching",
    "                              \"No host to patch\" (platform@campus.example,",
    "                              2026-11-23)",
  ].join("\n"));
});
