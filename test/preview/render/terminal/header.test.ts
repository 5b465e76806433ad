import { expect, it } from "vitest";
import { header } from "../../../../preview/render/terminal/header.ts";
import { planFor } from "../../../support/campus.ts";
import { plainPage, read } from "../../../support/page.ts";
import { systemWith } from "../../../support/settings.ts";

it("names the system, its people, its place, and how much of it there is", () => {
  const plan = planFor();
  const alerts = plan.entries.filter(({ kind }) => kind === "alert").length;
  expect(read(header(plan, { resources: 124, components: 27 }, plainPage))).toBe([
    "campus, stack test",
    "  system     production, eu-central-1, account 123456789012",
    "  owner      platform@campus.example",
    "  time zone  Europe/Berlin",
    `  practice   3 backups, ${alerts} alerts`,
    "  resources  124 in 27 components",
  ].join("\n"));
});

it("does not invent an account that another resource will tell", () => {
  const said = read(header(planFor({ system: systemWith({ account: { __pulumiOutput: true } }) }), { resources: 1, components: 1 }, plainPage));
  expect(said).toContain("not production, eu-central-1, account known at the update");
  expect(said).toContain("1 in 1 component");
});
