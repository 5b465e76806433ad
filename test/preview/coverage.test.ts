import * as pulumi from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { coverageOf, isMissing } from "../../preview/coverage.ts";
import { previewed } from "../support/preview.ts";

class Group extends pulumi.ComponentResource {
  constructor(type: string, name: string, args: pulumi.Inputs, opts?: pulumi.ComponentResourceOptions) {
    super(type, name, args, opts);
  }
}

const items = [
  { id: "backup.postgresql.daily", title: "Daily backup", area: "backup", applies: true },
  { id: "rotation.keys", title: "Rotate keys", area: "rotation", applies: true },
  { id: "recover.scale-out", title: "Scale out", area: "recovery", applies: true, notApplicable: { reason: "one host", owner: "a@b.example", date: "2026-11-01" } },
  { id: "backup.redis", title: "Redis backup", area: "backup", applies: false },
];

it("reads from the resources what is carried, what is missing and what need not be", async () => {
  const { resources, byName } = await previewed(() => {
    const whole = new Group("upkeep:index:Maintenance", "campus", { plan: { version: 1, items } });
    new Group("upkeep:backup:DatabaseBackup", "orders", { entry: { carries: ["backup.postgresql.daily"] } }, { parent: whole });
    new Group("upkeep:backup:DatabaseBackup", "accounts", { entry: { carries: ["backup.postgresql.daily"] } }, { parent: whole });
  });
  const rows = coverageOf(resources);
  expect(rows).toEqual([
    { item: "backup.postgresql.daily", title: "Daily backup", area: "backup", applies: true, carriedBy: [byName("accounts").urn, byName("orders").urn] },
    { item: "rotation.keys", title: "Rotate keys", area: "rotation", applies: true, carriedBy: [] },
    { item: "recover.scale-out", title: "Scale out", area: "recovery", applies: true, carriedBy: [], notApplicable: items[2]?.notApplicable },
    { item: "backup.redis", title: "Redis backup", area: "backup", applies: false, carriedBy: [] },
  ]);
  expect(rows.filter(isMissing).map(({ item }) => item)).toEqual(["rotation.keys"]);
});

it("says nothing of a stack without a plan", async () => {
  const { resources } = await previewed(() => new Group("upkeep:test:Shelf", "shelf", { entry: { carries: ["rotation.keys"] } }));
  expect(coverageOf(resources)).toEqual([]);
});

it("lets an item of two systems in one stack apply when it does to one of them", async () => {
  const { resources } = await previewed(() => {
    new Group("upkeep:index:Maintenance", "one", { plan: { items: [{ ...items[0], applies: false }] } });
    new Group("upkeep:index:Maintenance", "two", { plan: { items: [items[0]] } });
  });
  expect(coverageOf(resources).map(({ applies }) => applies)).toEqual([true]);
});
