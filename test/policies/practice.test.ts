import * as sdk from "@pulumi/policy";
import { describe, expect, it } from "vitest";
import { Maintenance } from "../../components/index.ts";
import { rules } from "../../policies/rules.ts";
import type { Settings } from "../../practice/config/settings.ts";
import { judge } from "../../preview/policy/judge.ts";
import type { Rules } from "../../preview/policy/rules.ts";
import type { Verdict } from "../../preview/policy/verdict.ts";
import { campus, daily, monthly, planFor } from "../support/campus.ts";
import { fargate } from "../support/fargate.ts";
import { elasticacheDatabase, networkDatabase } from "../support/settings.ts";
import { previewed } from "../support/preview.ts";

const pack: Rules = { policies: rules, sdk };

async function verdictsOn(parts: Partial<Settings> = {}): Promise<readonly Verdict[]> {
  const { resources } = await previewed(() => new Maintenance("campus", { plan: planFor(parts) }));
  return judge(resources, pack);
}

const told = (verdicts: readonly Verdict[], outcome: Verdict["outcome"]): readonly string[] =>
  verdicts.filter((verdict) => verdict.outcome === outcome).map(({ policy, message }) => `${policy}: ${message}`);

describe("the practice, judged before anything exists", () => {
  it("violates nothing, and leaves nothing in doubt", async () => {
    const accounts = networkDatabase("postgresql", { sizeGiB: 4, backup: { schedule: daily(), keepDays: 35 }, verify: { restore: monthly } });
    const verdicts = await verdictsOn({ system: { ...campus().system, fargate }, databases: { accounts, carts: elasticacheDatabase({ backup: { schedule: daily(), keepDays: 35 } }) } });
    expect(verdicts.filter(({ outcome }) => outcome !== "passed" && outcome !== "not-applicable")).toEqual([]);
    expect(told(verdicts, "not-applicable")).toEqual([]);
  });

  it("is told of a database that nobody backs up", async () => {
    const violated = told(await verdictsOn({ databases: { orders: networkDatabase("postgresql"), sessions: networkDatabase("redis") } }), "violated");
    expect(violated).toEqual([
      "databases-have-backups: Expected a backup of upkeep:databases.orders, found none in the plan. " +
      "Write upkeep:databases.orders.backup, or answer the catalog item in upkeep:notApplicable.",
    ]);
  });

  it("is told that production has no second region", async () => {
    const message = "store-replicated: Expected a copy of the backups in a second region for upkeep:store, found none. Set upkeep:store.secondRegion.";
    expect(told(await verdictsOn({ store: {} }), "violated")).toEqual([message]);
  });
});
