import { expect, it } from "vitest";
import { foldedResources, unfoldedResources } from "../../../../preview/render/terminal/resources.ts";
import { plainPage, read } from "../../../support/page.ts";
import { component, resource } from "../../../support/previewed-resources.ts";

const stack = component("pulumi:pulumi:Stack", "campus-test");
const whole = component("upkeep:index:Maintenance", "campus", { parent: stack.urn });
const store = component("upkeep:backup:BackupStore", "campus-backups", { parent: whole.urn });
const alert = (name: string) => component("upkeep:alerts:Alert", name, { parent: whole.urn });
const alerts = ["a", "b", "c", "d"].map(alert);

const resources = [
  stack,
  resource("pulumi:providers:aws", "second"),
  whole,
  store,
  resource("aws:s3/bucket:Bucket", "backups", { parent: store.urn, options: { protect: true, retainOnDelete: true } }),
  resource("aws:s3/bucket:Bucket", "replica", { parent: store.urn }),
  resource("aws:kms/key:Key", "key", { parent: store.urn }),
  ...alerts,
  ...alerts.map(({ urn, name }) => resource("aws:cloudwatch/metricAlarm:MetricAlarm", name, { parent: urn })),
  resource("aws:s3/bucket:Bucket", "of-nobody", { parent: stack.urn }),
];

it("folds components into what they hold, and many of one kind into one line", () => {
  expect(read(foldedResources(resources, plainPage))).toBe([
    "Resources  8 in 6 components; --resources shows each",
    "  campus            Maintenance",
    "    4 components    Alert        4: 4×MetricAlarm",
    "    campus-backups  BackupStore  3: 2×Bucket, Key",
    "  in no component                1: Bucket",
  ].join("\n"));
});

it("counts what components inside a folded component hold", () => {
  const inner = component("upkeep:backup:Shelf", "shelf", { parent: store.urn });
  const deep = [...resources, inner, resource("aws:kms/key:Key", "deep", { parent: inner.urn })];
  expect(read(foldedResources(deep, plainPage))).toContain("BackupStore  4: 2×Bucket, 2×Key");
});

it("unfolds every resource, with what keeps it from being deleted", () => {
  expect(read(unfoldedResources(resources, plainPage))).toContain([
    "    campus-backups  upkeep backup BackupStore",
    "      backups  aws s3 Bucket  protected  kept on delete",
    "      key  aws kms Key",
    "      replica  aws s3 Bucket",
  ].join("\n"));
  expect(unfoldedResources(resources, plainPage)).toHaveLength(1 + 8 + 6);
});

it("reads the same in whatever order the resources registered", () => {
  expect(foldedResources(resources.toReversed(), plainPage)).toEqual(foldedResources(resources, plainPage));
});
