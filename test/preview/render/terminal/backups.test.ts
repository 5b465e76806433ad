import { expect, it } from "vitest";
import { backups } from "../../../../preview/render/terminal/backups.ts";
import { daily, planFor } from "../../../support/campus.ts";
import { plainPage, read } from "../../../support/page.ts";
import { filesSource, networkDatabase } from "../../../support/settings.ts";

const keeping = (keepDays: number) => planFor({
  databases: { accounts: networkDatabase("postgresql", { backup: { schedule: daily(), keepDays }, sizeGiB: 4 }) },
  files: { uploads: filesSource({ backup: { schedule: daily(45), keepDays: 60 }, sizeGiB: 18 }) },
});

it("shows for each source what is kept, how often and how long", () => {
  expect(read(backups(keeping(30), plainPage))).toBe([
    "Backups  2 sources",
    "  source    engine      when               kept    size",
    "  accounts  postgresql  daily at 01:30  30 days   4 GiB",
    "  uploads   files       daily at 01:45  60 days  18 GiB",
    "  Copied to eu-west-1; not locked.",
  ].join("\n"));
});

it("a changed keep changes one line", () => {
  const [before, after] = [backups(keeping(30), plainPage), backups(keeping(7), plainPage)];
  expect(after.filter((line) => !before.includes(line))).toEqual(["  accounts  postgresql  daily at 01:30   7 days   4 GiB"]);
});

it("says how long nobody can delete them, and that no copy is elsewhere", () => {
  const said = read(backups(planFor({ store: { lock: { mode: "governance", days: 7 } } }), plainPage));
  expect(said).toContain("  No copy in a second region; locked for 7 days (governance).");
});

it("says so when nothing is backed up", () => {
  expect(read(backups(planFor({ databases: {}, files: {} }), plainPage))).toBe("Backups  none: the stack file asks for no backup.");
});
