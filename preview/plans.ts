import type { Plan } from "../practice/plan/entries.ts";
import { planType } from "./coverage.ts";
import type { PreviewedResource } from "./engine/resource.ts";

/**
 * The plans that travel with the resources, one for each system in the stack. What a plan takes from other resources is
 * a marker here (`Unknown`, `Secret`), never a value.
 */
export function plansOf(resources: readonly PreviewedResource[]): readonly Plan[] {
  return resources.filter(({ type }) => type === planType).map(({ name, inputs }) => {
    const plan = inputs.plan as unknown as Plan | undefined;
    if (plan?.version !== 1) {
      throw new Error(`Expected a plan of version 1 in ${name}, got ${plan === undefined ? "none" : `version ${String(plan.version)}`}. Use the release of upkeep that the program imports.`);
    }
    return plan;
  });
}
