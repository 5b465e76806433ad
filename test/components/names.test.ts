import { Role } from "@pulumi/aws/iam/role.js";
import { expect, it } from "vitest";
import { Maintenance } from "../../components/maintenance.ts";
import type { DatabaseSettings } from "../../practice/config/settings.ts";
import { functionNames, rolesOfBackup } from "../../practice/contract/names.ts";
import { campus, planFor } from "../support/campus.ts";
import { previewed } from "../support/preview.ts";

const datadog = { site: "datadoghq.eu" } as const;
const quietHours = { from: "20:00", until: "08:00", timeZone: "Europe/Berlin" } as const;

const withSources = (...names: readonly string[]) => {
  const { accounts } = campus().databases;
  if (accounts === undefined) throw new Error("Expected a PostgreSQL database.");
  const databases = Object.fromEntries(names.map((name): [string, DatabaseSettings] => [name, accounts]));
  return previewed(() => new Maintenance("campus", { plan: planFor({ databases, files: {}, datadog, quietHours }) }));
};

const twice = (names: readonly string[]): readonly string[] => [...new Set(names.filter((name, index) => names.indexOf(name) !== index))];

/** What AWS knows each resource by, beside its kind. */
const namesInCloud = ({ resources }: Awaited<ReturnType<typeof withSources>>): readonly string[] =>
  resources.flatMap(({ type, inputs: { name, alarmName, region } }) =>
    [name, alarmName].flatMap((said) => (typeof said === "string" ? [`${type.replace("compositeAlarm:CompositeAlarm", "metricAlarm:MetricAlarm")} ${said} ${typeof region === "string" ? region : ""}`] : [])));

it("a source may be called as anything else in the stack is: nothing is declared twice", async () => {
  const sources = ["backups", "network", "routing", "board", "quiet-hours", "alerts", "evidence-silent", "backups-replication"];
  const endings = ["-age", "-failed", "-not-started", "-held-back", "-age-measured", "-measured", "-backup"].map((ending) => `accounts${ending}`);
  const seen = await withSources(...sources, "accounts", ...endings);
  expect(seen.resources.length).toBeGreaterThan(300);
  expect(twice(namesInCloud(seen))).toEqual([]);
});

it.each(Object.values(functionNames))("but not as the function %s, whose alerts it would declare again", async (name) => {
  await expect(withSources(name)).rejects.toThrow(`upkeep:alerts:Alert::campus-${name}-failed, got two.`);
});

it.each(rolesOfBackup)("nor as the role of another backup for its %s", async (role) => {
  await expect(withSources("accounts", `accounts-${role}`)).rejects.toThrow(`aws:iam/role:Role::campus-accounts-${role}, got two.`);
});

it("a backup has the roles that the contract names, and its function's", async () => {
  const { byType } = await withSources("accounts");
  const roles = byType(Role).filter(({ urn }) => urn.includes("DatabaseBackup")).map(({ name }) => name);
  expect(roles.toSorted()).toEqual(["campus-accounts", ...rolesOfBackup.map((role) => `campus-accounts-${role}`)].toSorted());
});
