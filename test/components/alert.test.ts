import { fileURLToPath } from "node:url";
import { CompositeAlarm } from "@pulumi/aws/cloudwatch/compositeAlarm.js";
import { MetricAlarm } from "@pulumi/aws/cloudwatch/metricAlarm.js";
import { describe, expect, it } from "vitest";
import { Alert } from "../../components/alert.ts";
import { scopeOf } from "../../components/internal/scope.ts";
import { entryOf, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";
import { sourceFiles } from "../support/source-files.ts";

const plan = planFor();
const scope = scopeOf(plan);
const topicArn = "arn:aws:sns:eu-central-1:123456789012:campus-test-P1";

const alerts = () => previewed(() => {
  const silent = new Alert("silent", { scope, entry: entryOf(plan, "alert", "evidence-silent"), dimensions: { System: "campus" }, topicArn });
  new Alert("age", { scope, entry: entryOf(plan, "alert", "accounts-age"), dimensions: { Source: "accounts" }, topicArn, suppressedBy: silent });
});

it("alarms are made by one component, of measures that the evaluation understands", () => {
  const makers = sourceFiles(fileURLToPath(new URL("../..", import.meta.url)))
    .filter(({ path, loads }) => path.startsWith("components/") && loads.some((specifier) => /\/cloudwatch\/(metric|composite)Alarm\.js$/.test(specifier)));
  expect(makers.map(({ path }) => path)).toEqual(["components/alert.ts"]);
});

describe("Alert", () => {
  it("measures an age with silence as a breach, twice in a row", async () => {
    expect((await alerts()).byName("age", MetricAlarm).inputs).toMatchObject({
      namespace: "Upkeep", metricName: "BackupAgeSeconds", statistic: "Maximum", period: 900, evaluationPeriods: 2, datapointsToAlarm: 2,
      treatMissingData: "breaching", comparisonOperator: "GreaterThanThreshold", threshold: 97_200, dimensions: { Source: "accounts" },
    });
  });

  it("pages through the composite alone, unless nobody measures", async () => {
    const { byName } = await alerts();
    expect(byName("age", MetricAlarm).inputs.alarmActions).toBeUndefined();
    expect(byName("age", CompositeAlarm).inputs).toMatchObject({
      alarmName: "campus-test-accounts-age",
      alarmRule: 'ALARM("campus-test-accounts-age-measured")',
      actionsSuppressor: { alarm: "campus-test-evidence-silent", waitPeriod: 120, extensionPeriod: 120 },
      alarmActions: [topicArn], okActions: [topicArn],
    });
  });

  it("pages by itself when nothing suppresses it", async () => {
    const { byName, byType } = await alerts();
    expect(byName("silent", MetricAlarm).inputs).toMatchObject({ name: "campus-test-evidence-silent", alarmActions: [topicArn], okActions: [topicArn] });
    expect(byType(CompositeAlarm)).toHaveLength(1);
  });

  it("gives no all-clear for a fault: its alarm ends by the clock", async () => {
    const { byName } = await previewed(() => new Alert("failed", { scope, entry: entryOf(plan, "alert", "accounts-failed"), dimensions: { StateMachineArn: "arn" }, topicArn }));
    expect(byName("failed", MetricAlarm).inputs).toMatchObject({
      alarmActions: [topicArn], okActions: [], period: 3600, evaluationPeriods: 16, datapointsToAlarm: 1, treatMissingData: "notBreaching",
    });
  });

  it("says severity, limit, runbook and owner in the message", async () => {
    expect((await alerts()).byName("age", CompositeAlarm).inputs.alarmDescription).toBe(
      "P1: Newest backup of accounts is too old (older than 27 hours).\n"
      + "Runbook: https://runbooks.campus.example/backup-age\nOwner: platform@campus.example");
  });
});
