import type { PolicyResource, StackValidationArgs, ReportViolation } from "@pulumi/policy";
import { componentsOf, componentTypes } from "./components.ts";
import { demandMatch, entriesOf } from "./plan.ts";

/** The restore drills of the stack; one that the plan has and the stack has not is told. */
export function drillsOf(args: StackValidationArgs, report: ReportViolation): readonly PolicyResource[] {
  const drills = componentsOf(args.resources, componentTypes.restoreDrill);
  demandMatch(drills, entriesOf(args.resources, "drill"), "a restore drill", args, report);
  return drills;
}
