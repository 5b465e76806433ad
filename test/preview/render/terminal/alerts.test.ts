import { expect, it } from "vitest";
import { makePlan } from "../../../../practice/plan/plan.ts";
import { alerts } from "../../../../preview/render/terminal/alerts.ts";
import { campus, daily, planFor } from "../../../support/campus.ts";
import { plainPage, read } from "../../../support/page.ts";
import { networkDatabase } from "../../../support/settings.ts";

const oneSource = {
  databases: { accounts: networkDatabase("postgresql", { backup: { schedule: daily(), keepDays: 30 } }) },
  files: {},
};

it("groups alerts by severity: threshold beside the title, destination once, suppression as a mark", () => {
  const said = read(alerts(planFor(oneSource), plainPage));
  expect(said).toContain([
    "  P1  answered within 1 hour: oncall (email)",
    "      Newest backup of accounts is too old *       older than 27 hours",
    "      A backup of accounts is corrupted            one level says so",
    "      Nobody measures the age of the backups       no run in 30 minutes",
    "  P2  answered within 4 hours: desk (https)",
    "      Backup of accounts failed                    one failed run",
    "      Backup of accounts could not be started      one start that failed",
    "      Backups of accounts do not reach eu-west-1   no copy after 2 hours",
    "      Unverified: checksums of accounts *          not good for 2 days 1 hour",
    "      Unverified: newest backup of accounts *      not good for 8 days 1 hour",
    "      Newest backup of accounts is too small       less than 50 % of the median",
    "      A check of accounts did not end well         one failed run",
    "      A check of accounts could not be started     one start that failed",
  ].join("\n"));
  expect(said).toContain("  P3  answered within 1 day: desk (https)\n");
  expect(said).toContain('  * not while "Nobody measures the age of the backups" is raised');
});

it("shows a threshold that the stack file changed", () => {
  const settings = campus(oneSource);
  const changed = makePlan({ ...settings, alerts: { ...settings.alerts, backupAge: { lateSeconds: 5 * 3600 } } }).plan;
  expect(read(alerts(changed, plainPage))).toContain("older than 30 hours");
});

it("counts them", () => {
  const plan = planFor(oneSource);
  const count = plan.entries.filter(({ kind }) => kind === "alert").length;
  expect(alerts(plan, plainPage)[0]).toBe(`Alerts  ${count}`);
});

it("makes a severity without a route stand out", () => {
  const { P2: _, ...routing } = campus().routing;
  expect(read(alerts(makePlan(campus({ ...oneSource, routing })).plan, plainPage))).toContain("  P2  goes to nobody\n");
});

it("says when nobody is told, and where else the ages are shown", () => {
  const said = read(alerts(planFor({
    quietHours: { from: "19:00", until: "08:00", timeZone: "Europe/Berlin" },
    datadog: { site: "datadoghq.eu" },
  }), plainPage));
  expect(said).toContain("  Quiet hours: from 19:00 to 08:00 (Europe/Berlin) nobody is told.");
  expect(said).toContain('on the dashboard "Maintenance of campus (test)".');
  expect(read(alerts(planFor(), plainPage))).not.toMatch(/Quiet|Datadog/);
});

it("says so when there is no alert", () => {
  expect(read(alerts(planFor({ databases: {}, files: {} }), plainPage))).toBe("Alerts  none: nobody is told of anything.");
});
