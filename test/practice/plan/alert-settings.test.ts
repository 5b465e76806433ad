import { describe, expect, it } from "vitest";
import { ageAlertKeys, otherAlertKeys } from "../../../practice/config/alert-keys.ts";
import type { AlertSettings } from "../../../practice/config/settings.ts";
import { alertKeys } from "../../../practice/plan/alert-keys.ts";
import type { AlertEntry } from "../../../practice/plan/entries.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { everySetting } from "../../support/everything.ts";

const settings = everySetting();
const alertsWith = (alerts: AlertSettings): readonly AlertEntry[] =>
  makePlan({ ...settings, alerts }).plan.entries.filter((entry): entry is AlertEntry => entry.kind === "alert");
const defaults = alertsWith({});
const keyOf = ({ signal }: AlertEntry) => alertKeys[signal.kind];

describe("what a stack file says of an alert", () => {
  it.each([...ageAlertKeys, ...otherAlertKeys])("changes the severity of %s, and of no other kind", (key) => {
    const changed = alertsWith({ [key]: { severity: "P0" } });
    const ofKind = changed.filter((alert) => keyOf(alert) === key);
    expect(ofKind.length).toBeGreaterThan(0);
    expect(new Set(ofKind.map(({ severity }) => severity))).toEqual(new Set(["P0"]));
    expect(changed.filter((alert) => keyOf(alert) !== key)).toEqual(defaults.filter((alert) => keyOf(alert) !== key));
  });

  it.each([
    ["unverifiedChecksums", 24], ["unverifiedDecode", 24], ["unverifiedRestore", 24],
  ] as const)("changes how late %s may be: %s hours where it says nothing", (key, hours) => {
    const thresholds = (alerts: readonly AlertEntry[]) => alerts.filter((alert) => keyOf(alert) === key).map(({ threshold }) => threshold);
    const added = (72 - hours) * 3600;
    expect(thresholds(alertsWith({ [key]: { lateSeconds: 72 * 3600 } }))).toEqual(thresholds(defaults).map((threshold) => threshold + added));
    expect(thresholds(defaults).length).toBeGreaterThan(0);
  });

  it("is said in words, too", () => {
    const found = alertsWith({ unverifiedRestore: { lateSeconds: 72 * 3600 } }).find(({ name }) => name === "sessions-unverified-restore");
    expect(found?.thresholdInWords).toBe("not good for 10 days 1 hour");
  });
});
