import { ComponentResource, rootStackResource } from "@pulumi/pulumi";
import { expect, it } from "vitest";
import { Maintenance } from "../../components/maintenance.ts";
import { makePlan } from "../../practice/plan/plan.ts";
import { everySetting } from "../support/everything.ts";
import { previewed } from "../support/preview.ts";

class Platform extends ComponentResource {
  constructor(name: string) {
    super("library:index:Platform", name);
  }
}

const { plan } = makePlan(everySetting());
const before = async (): Promise<readonly string[]> =>
  (await previewed(() => void new Maintenance("campus", { plan }))).resources.map(({ urn }) => urn).filter((urn) => !urn.includes("pulumi:pulumi:Stack"));

/** What Pulumi would delete and make anew: nobody says that it is what it was. */
const lost = (former: readonly string[], { resources }: Awaited<ReturnType<typeof previewed>>): readonly string[] => {
  const found = new Set(resources.flatMap(({ urn, options }) => [urn, ...options.aliases ?? []]));
  return former.filter((urn) => !found.has(urn));
};

it.each<[string, () => void]>([
  ["renamed", () => void new Maintenance("academy", { plan }, { aliases: [{ name: "campus" }] })],
  ["moved into another", () => void new Maintenance("campus", { plan }, { parent: new Platform("platform"), aliases: [{ parent: rootStackResource }] })],
  ["renamed and moved", () => void new Maintenance("academy", { plan }, { parent: new Platform("platform"), aliases: [{ name: "campus", parent: rootStackResource }] })],
])("a practice that has everything, %s, is found again to the last resource by its one alias", async (_, body) => {
  const former = await before();
  expect(former.length).toBeGreaterThan(350);
  expect(lost(former, await previewed(body))).toEqual([]);
}, 60_000);

it("and is not without it", async () => {
  const former = await before();
  expect(lost(former, await previewed(() => void new Maintenance("academy", { plan })))).toHaveLength(former.length);
}, 60_000);
