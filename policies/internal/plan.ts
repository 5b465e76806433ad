import type { PolicyResource, ReportViolation, StackValidationArgs } from "@pulumi/policy";
import { componentsOf, componentTypes } from "./components.ts";

/** What the pack reads of a plan: plain data, as far as a limit here speaks of it. */
export interface Plan {
  readonly version: number;
  readonly system: { readonly production: boolean };
  readonly entries: readonly Entry[];
  readonly databases: readonly Database[];
  readonly items: readonly { readonly id: string; readonly notApplicable?: unknown }[];
}

export interface Entry {
  readonly kind: string;
  readonly name: string;
  readonly from: string;
  readonly source?: string;
  readonly keepDays?: number;
  readonly secondRegion?: string;
  readonly pagedBy?: string;
}

export interface Database {
  readonly name: string;
  readonly engine: string;
  readonly from: string;
}

/** The version of the plan's JSON that these rules were written for. */
export const readsVersion = 1;

/** Plans of the stack; usually one. What cannot be read is left out here and reported by `plan-is-readable`. */
export const plansOf = (resources: readonly PolicyResource[]): readonly Plan[] =>
  componentsOf(resources, componentTypes.maintenance)
    .flatMap(({ props }) => (props["plan"] as Plan | undefined) ?? [])
    .filter(({ version }) => version === readsVersion);

export const entriesOf = (resources: readonly PolicyResource[], ...kinds: readonly string[]): readonly Entry[] =>
  plansOf(resources).flatMap(({ entries }) => entries.filter(({ kind }) => kinds.includes(kind)));

/**
 * A rule that found nothing to judge where the plan has something would stay silent for ever: that is a violation too.
 * Where the plan has nothing either, the rule says that it does not apply, and not that all is well.
 */
export function demandMatch(
  found: readonly unknown[], expected: readonly Entry[], what: string, { notApplicable }: StackValidationArgs, report: ReportViolation,
): void {
  if (found.length > 0) return;
  const [first] = expected;
  if (first === undefined) return notApplicable(`The stack does not declare ${what}.`);
  report(
    `Expected ${what} for ${first.from}, found none in the whole stack. ` +
    "Declare it, or use the policy pack of the same release as the components.",
  );
}
