import type { PreviewedResource } from "../../engine/resource.ts";

/** The resources by who owns them. The stack itself and the providers are left out: nobody asked for them. */
export interface Family {
  /** Those that no component owns. */
  readonly top: readonly PreviewedResource[];
  readonly custom: readonly PreviewedResource[];
  readonly components: readonly PreviewedResource[];
  readonly children: ReadonlyMap<string, readonly PreviewedResource[]>;
  /** Everything in the cloud below a component, its own components' parts too. */
  readonly below: (resource: PreviewedResource) => readonly PreviewedResource[];
}

const bySdk = /^pulumi:(pulumi:Stack|providers:)/;

export function familyOf(all: readonly PreviewedResource[]): Family {
  // By name: in which order resources register can change from run to run.
  const resources = all.filter(({ type }) => !bySdk.test(type)).toSorted((left, right) => left.name.localeCompare(right.name));
  const known = new Set(resources.map(({ urn }) => urn));
  const children = groupedBy(resources, ({ parent = "" }) => parent);
  const below = ({ urn }: PreviewedResource): readonly PreviewedResource[] =>
    (children.get(urn) ?? []).flatMap((child) => [...(child.custom ? [child] : []), ...below(child)]);
  return {
    top: resources.filter(({ parent }) => parent === undefined || !known.has(parent)),
    custom: resources.filter(({ custom }) => custom),
    components: resources.filter(({ custom }) => !custom),
    children,
    below,
  };
}

export const childrenOf = ({ children }: Family, { urn }: PreviewedResource): readonly PreviewedResource[] => children.get(urn) ?? [];

/** `aws:s3/bucket:Bucket` -> `Bucket`. */
export const kindOf = ({ type }: { readonly type: string }): string => type.slice(type.lastIndexOf(":") + 1);

/** In the order in which each group's first member comes. */
export function groupedBy<Item>(items: readonly Item[], by: (item: Item) => string): ReadonlyMap<string, readonly Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const group = groups.get(by(item));
    if (group === undefined) groups.set(by(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** `3: 2×Bucket, Key`, the most frequent first. */
export function tally(resources: readonly PreviewedResource[]): string {
  if (resources.length === 0) return "";
  const kinds = [...groupedBy(resources, kindOf)]
    .map(([kind, group]) => [kind, group.length] as const)
    .toSorted(([left, many], [right, more]) => more - many || left.localeCompare(right));
  return `${resources.length}: ${kinds.map(([kind, count]) => (count === 1 ? kind : `${count}×${kind}`)).join(", ")}`;
}
