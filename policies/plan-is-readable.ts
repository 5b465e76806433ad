import type { StackValidationPolicy } from "@pulumi/policy";
import { componentsOf, componentTypes } from "./internal/components.ts";
import { readsVersion } from "./internal/plan.ts";

export const planIsReadable: StackValidationPolicy = {
  name: "plan-is-readable",
  description: "The plan travels with its resources, in a form that these rules can read.",
  enforcementLevel: "mandatory",
  severity: "high",
  remediationSteps: "Use components and policy pack of the same release.",
  validateStack: ({ resources, notApplicable }, report) => {
    const carriers = componentsOf(resources, componentTypes.maintenance);
    if (carriers.length === 0) notApplicable("The stack does not declare a Maintenance component.");
    // Without it every relation rule would expect nothing, find nothing and be content.
    for (const { name, urn, props } of carriers) {
      const version = (props["plan"] as { version?: number } | undefined)?.version;
      if (version === readsVersion) continue;
      report(
        `Expected ${name} to carry a plan of version ${readsVersion}, got ${version === undefined ? "no plan" : `version ${version}`}. ` +
        "Use components and policy pack of the same release.",
        urn,
      );
    }
  },
};
