import { expect, it } from "vitest";
import { week } from "../../../../preview/render/terminal/week.ts";
import { daily, monthly, planFor } from "../../../support/campus.ts";
import { plainPage, read } from "../../../support/page.ts";
import { filesSource, networkDatabase, settingsWith } from "../../../support/settings.ts";
import { makePlan } from "../../../../practice/plan/plan.ts";

const evening = new Date("2026-11-23T20:40:00Z");

const mixed = planFor({
  databases: { accounts: networkDatabase("postgresql", { backup: { schedule: daily(), keepDays: 30 } }) },
  files: { uploads: filesSource({ backup: { schedule: monthly, keepDays: 60 } }) },
});

it("draws what happens once a day, and says what is more frequent or rarer", () => {
  expect(read(week(mixed, evening, plainPage))).toBe([
    "Next seven days  from 21:40 on, times in Europe/Berlin",
    "                   Mon 23  Tue 24  Wed 25  Thu 26  Fri 27  Sat 28  Sun 29",
    "  backup accounts  -       01:30   01:30   01:30   01:30   01:30   01:30",
    "  sums accounts    -       06:00   06:00   06:00   06:00   06:00   06:00",
    "  decode accounts  -       -       -       -       -       -       05:00",
    "  sums uploads     -       06:00   06:00   06:00   06:00   06:00   06:00",
    "  decode uploads   -       -       -       -       -       -       05:00",
    "  backup uploads   monthly on first sunday at 06:00: next on Sun 6 Dec at 06:00",
    "  retention        every 6 hours",
    "  evidence         every 15 minutes",
  ].join("\n"));
});

it("begins with the local day, which may be another than the day in UTC", () => {
  const lateInUtc = new Date("2026-11-23T23:30:00Z");
  expect(week(mixed, lateInUtc, plainPage)[1]).toContain("  Tue 24  ");
  expect(week(mixed, lateInUtc, plainPage)[2]).toContain("  01:30   01:30");
});

it("leaves out what a night skips when clocks go forward", () => {
  const skipped = planFor({
    databases: { accounts: networkDatabase("postgresql", { backup: { schedule: { ...daily(), words: "daily at 02:30", expression: "cron(30 2 * * ? *)" }, keepDays: 30 } }) },
    files: {},
  });
  // In Berlin the clocks go from 02:00 to 03:00 on Sunday, 28 March 2027.
  expect(week(skipped, new Date("2027-03-27T12:00:00Z"), plainPage)[2]).toBe(
    "  backup accounts  -       -       02:30   02:30   02:30   02:30  02:30");
});

it("says so when nothing is scheduled", () => {
  expect(read(week(makePlan(settingsWith()).plan, evening, plainPage))).toBe("Next seven days  nothing is scheduled.");
});
