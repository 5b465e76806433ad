import { stackType } from "./wire.ts";

export interface Deployment {
  readonly stack: string;
  readonly project: string;
}

/** The engine's rule: the types of the whole parent chain, without the root stack. */
export function urnOf(deployment: Deployment, parent: string | undefined, type: string, name: string): string {
  const chain = parent === undefined || parent === "" ? "" : chainOf(parent);
  const qualified = chain === "" || chain === stackType ? type : `${chain}$${type}`;
  return `urn:pulumi:${deployment.stack}::${deployment.project}::${qualified}::${name}`;
}

export interface UrnParts extends Deployment {
  /** Types from the outermost parent to the resource itself. */
  readonly types: readonly string[];
  readonly type: string;
  readonly name: string;
}

export function partsOf(urn: string): UrnParts {
  const [prefix, project, chain, ...name] = urn.split("::");
  if (!prefix?.startsWith("urn:pulumi:") || project === undefined || chain === undefined || name.length === 0) {
    throw new Error(`Expected a URN such as "urn:pulumi:prod::project::aws:s3/bucket:Bucket::name", got ${JSON.stringify(urn)}.`);
  }
  const types = chain.split("$");
  return { stack: prefix.slice("urn:pulumi:".length), project, types, type: types.at(-1) ?? chain, name: name.join("::") };
}

function chainOf(urn: string): string {
  return partsOf(urn).types.join("$");
}

/** The package that a type belongs to: `aws` of `aws:s3/bucket:Bucket`. */
export function packageOf(type: string): string {
  return type.slice(0, type.indexOf(":"));
}

/** Registrations come in an order that timing decides; this one is the stack's own. */
export function byUrn(left: { readonly urn: string }, right: { readonly urn: string }): number {
  return left.urn < right.urn ? -1 : left.urn > right.urn ? 1 : 0;
}
