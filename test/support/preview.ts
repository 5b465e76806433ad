import { fileURLToPath } from "node:url";
import type { PreviewedResource } from "../../preview/engine/resource.ts";
import { run, type RunOptions } from "../../preview/engine/run.ts";
import { loadSdk } from "../../preview/engine/sdk.ts";

/** The repository's own SDK: the one that the components under test load. */
export const sdk = loadSdk(fileURLToPath(new URL("../..", import.meta.url)));

export interface Previewed {
  readonly resources: readonly PreviewedResource[];
  readonly warnings: readonly string[];
  /** All resources of a type token, e.g. `aws:s3/bucket:Bucket`, or of a class that carries one. */
  byType(type: string | TypedClass): readonly PreviewedResource[];
  /** The one resource with this name (and type). Throws when there is none or more than one. */
  byName(name: string, type?: string | TypedClass): PreviewedResource;
  byUrn(urn: string): PreviewedResource;
  /** Direct children. */
  childrenOf(resource: PreviewedResource): readonly PreviewedResource[];
}

/** A resource class of a provider package. */
type TypedClass = abstract new (...args: never[]) => unknown;

/**
 * Runs `body` as a Pulumi program on the preview's own engine and returns what it declared.
 * Rejects with what the body threw, and with the first problem that would have stopped the engine.
 */
export async function previewed(body: () => unknown, options: Partial<Omit<RunOptions, "sdk">> = {}): Promise<Previewed> {
  const { resources, problems, warnings, errors } = await run(body, { sdk, project: "upkeep", stack: "test", traces: true, ...options });
  if (errors.length > 0) throw errors[0];
  if (problems[0]) throw new Error(problems[0].message);

  const byType = (type: string | TypedClass): readonly PreviewedResource[] => resources.filter((resource) => resource.type === tokenOf(type));
  const only = (found: readonly PreviewedResource[], wanted: string): PreviewedResource => {
    const [first, ...rest] = found;
    if (first && rest.length === 0) return first;
    const there = resources.map((resource) => `${resource.type} ${resource.name}`).join("\n  ");
    throw new Error(`Expected one resource ${wanted}, got ${found.length}. There are:\n  ${there}`);
  };
  return {
    resources,
    warnings,
    byType,
    byName: (name, type) => only((type === undefined ? resources : byType(type)).filter((resource) => resource.name === name), `named ${name}`),
    byUrn: (urn) => only(resources.filter((resource) => resource.urn === urn), `with the URN ${urn}`),
    childrenOf: ({ urn }) => resources.filter((resource) => resource.parent === urn),
  };
}

/** Provider classes carry their type token in a static that their declarations leave out. */
function tokenOf(type: string | TypedClass): string {
  if (typeof type === "string") return type;
  const token = (type as { readonly __pulumiType?: string }).__pulumiType;
  if (token === undefined) throw new Error(`Expected a resource class of a provider, got ${type.name}.`);
  return token;
}
