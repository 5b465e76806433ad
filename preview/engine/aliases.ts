import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { PreviewedResource } from "./resource.ts";
import { type Deployment, partsOf, urnOf } from "./urn.ts";

/** Every URN under which the resource was known before: its own aliases, and those that follow from its parent's. */
export function aliasesOf(request: RegisterResourceRequest, deployment: Deployment, parent: PreviewedResource | undefined): readonly string[] {
  const own = [
    ...request.getAliasurnsList(),
    ...request.getAliasesList().map((alias) => {
      const spec = alias.getSpec();
      if (!spec) return alias.getUrn();
      return urnOf(
        { stack: spec.getStack() || deployment.stack, project: spec.getProject() || deployment.project },
        spec.getNoparent() ? undefined : spec.getParenturn() || request.getParent(),
        spec.getType() || request.getType(),
        spec.getName() || request.getName(),
      );
    }),
  ];
  if (!parent) return unique(own);
  const identities = [{ type: request.getType(), name: request.getName() }, ...own.map(partsOf)];
  const followed = (parent.options.aliases ?? []).flatMap((alias) =>
    identities.map(({ type, name }) => urnOf(partsOf(alias), alias, type, renamed(name, parent.name, partsOf(alias).name))));
  return unique([...own, ...followed]);
}

/** A child that carries its parent's name as a prefix was named after the parent's earlier name too. */
function renamed(child: string, parent: string, formerParent: string): string {
  return child.startsWith(parent) ? formerParent + child.slice(parent.length) : child;
}

function unique(urns: readonly string[]): readonly string[] {
  return [...new Set(urns)];
}
