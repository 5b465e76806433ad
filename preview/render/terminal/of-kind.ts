import type { Entry } from "../../../practice/plan/entries.ts";

export type OfKind<Kind extends Entry["kind"]> = Extract<Entry, { readonly kind: Kind }>;

/** The entries of one kind, in the plan's order. */
export const only = <Kind extends Entry["kind"]>(entries: readonly Entry[], kind: Kind): readonly OfKind<Kind>[] =>
  entries.filter((entry): entry is OfKind<Kind> => entry.kind === kind);
