import type { StateResource } from "./state.ts";

export interface ChangedInput {
  /** `type::name` of the resource. */
  readonly of: string;
  /** Path, e.g. `environment.variables.MODE`; a place in a list is `*`. */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** What an up changed, value by value; a resource that came or went is a change of the whole. */
export function changedInputs(before: readonly StateResource[], after: readonly StateResource[]): readonly ChangedInput[] {
  const [left, right] = [before, after].map((resources) => new Map(resources.map(({ urn, inputs }) => [urn, inputs])));
  return [...new Set([...left?.keys() ?? [], ...right?.keys() ?? []])].flatMap((urn) =>
    changes("", left?.get(urn), right?.get(urn)).map((change) => ({ of: urn.split("$").at(-1)?.split("::").slice(-2).join("::") ?? urn, ...change })));
}

function changes(path: string, before: unknown, after: unknown): readonly Omit<ChangedInput, "of">[] {
  if (!isComposite(before) || !isComposite(after)) return before === after ? [] : [{ path, before, after }];
  const inside = (key: string): string => [...(path === "" ? [] : [path]), Array.isArray(before) ? "*" : key].join(".");
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => changes(inside(key), before[key], after[key]));
}

const isComposite = (value: unknown): value is Readonly<Record<string, unknown>> => value !== null && typeof value === "object";
