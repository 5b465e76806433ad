import { readFileSync } from "node:fs";
import { partsOf, urnOf } from "../../../preview/engine/urn.ts";
import type { Ended } from "./operation.ts";

/** A resource as the engine's state holds it. References are URNs; a provider's is followed by its id. */
export interface StateResource {
  readonly urn: string;
  readonly type: string;
  readonly custom: boolean;
  readonly id?: string;
  readonly parent?: string;
  readonly external?: boolean;
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  readonly inputs?: Readonly<Record<string, unknown>>;
  readonly outputs?: Readonly<Record<string, unknown>>;
  readonly dependencies?: readonly string[];
  readonly propertyDependencies?: Readonly<Record<string, readonly string[] | null>>;
  readonly provider?: string;
  readonly aliases?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly additionalSecretOutputs?: readonly string[];
}

export interface Deployment {
  readonly resources: readonly StateResource[];
  /** What a killed engine had begun. */
  readonly pending: readonly { readonly type: string; readonly resource: StateResource }[];
}

export function deploymentIn({ output }: Ended): Deployment {
  const { deployment } = JSON.parse(output) as { readonly deployment: { readonly resources?: readonly StateResource[]; readonly pending_operations?: Deployment["pending"] } };
  return { resources: deployment.resources ?? [], pending: deployment.pending_operations ?? [] };
}

/** The new state in each step of a preview that was printed as JSON, with every alias that the engine would look for. */
export function plannedIn({ exitCode, output }: Ended, planFile: string): readonly StateResource[] {
  if (exitCode !== 0) throw new Error(`Expected the preview to succeed, it ended with exit code ${exitCode}:\n${output.slice(-2_000)}`);
  const { steps } = JSON.parse(output.slice(output.indexOf("{"))) as { readonly steps: readonly { readonly newState?: StateResource }[] };
  const { resourcePlans } = JSON.parse(readFileSync(planFile, "utf8")) as { readonly resourcePlans: Readonly<Record<string, Plan>> };
  // A state keeps an alias only once it was used; a plan keeps all.
  return steps.flatMap(({ newState }) => (newState ? [{ ...newState, aliases: aliasesIn(newState, resourcePlans[newState.urn]) }] : []));
}

interface Plan {
  readonly goal?: {
    readonly structuredAliases?: readonly { readonly URN: string; readonly Name: string; readonly Type: string; readonly Parent: string; readonly NoParent: boolean }[] | null;
  };
}

function aliasesIn({ urn, parent }: StateResource, plan: Plan | undefined): readonly string[] {
  const own = partsOf(urn);
  const aliases = (plan?.goal?.structuredAliases ?? []).map(({ URN, Name, Type, Parent, NoParent }) =>
    URN || urnOf(own, NoParent ? undefined : Parent || parent, Type || own.type, Name || own.name));
  return [...new Set(aliases)];
}
