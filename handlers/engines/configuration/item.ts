/** What a configuration archive holds, in the order in which it is written. */
export const itemKinds = [
  "parameter", "secret", "alarm", "composite-alarm", "dashboard", "schedule", "state-machine", "function", "stack-state",
] as const;

export type ItemKind = (typeof itemKinds)[number];

/** One line of the archive: a thing that is needed to rebuild, as its service describes it, without any secret value. */
export interface ConfigurationItem {
  readonly kind: ItemKind;
  readonly name: string;
  /** What the service says of it, under the service's own names; nothing of the state it happened to be in. */
  readonly definition: unknown;
}

/** Changes when the lines do. */
export const HASHED_BY = "configuration-lines-1";

/** In the order of kinds and names, so that two archives of one configuration are the same lines. */
export const ordered = (items: readonly ConfigurationItem[]): readonly ConfigurationItem[] =>
  items.toSorted((one, other) => itemKinds.indexOf(one.kind) - itemKinds.indexOf(other.kind) || compare(one.name, other.name));

/** By code units: the same on every machine, which `localeCompare` is not. */
const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
