import type { PolicyResource } from "@pulumi/policy";

/** A resource class, asked by `isType`. */
export type ResourceClass = Parameters<PolicyResource["isType"]>[0];

/**
 * Resources of a class from which `resource` takes a value. Edges are known in a preview where the values are not.
 * With `property`, only what that input is made of.
 */
export function referred(resource: PolicyResource, kind: ResourceClass, property?: string): readonly PolicyResource[] {
  const targets = property === undefined ? resource.dependencies : resource.propertyDependencies[property] ?? [];
  return targets.filter((target) => target.isType(kind));
}

/** Resources of a class whose input `property` is made of `target`. */
export function referring(
  resources: readonly PolicyResource[], kind: ResourceClass, property: string, target: PolicyResource,
): readonly PolicyResource[] {
  return resources.filter((resource) =>
    resource.isType(kind) && (resource.propertyDependencies[property] ?? []).some(({ urn }) => urn === target.urn));
}
