/** A stack's values over the defaults of all stacks: objects merge, lists and values replace, null removes. */
export function merge(defaults: unknown, own: unknown): unknown {
  if (!isObject(own)) return own;
  const below = isObject(defaults) ? defaults : {};
  const keys = [...new Set([...Object.keys(below), ...Object.keys(own)])];
  return Object.fromEntries(keys.flatMap((key) => {
    const value = Object.hasOwn(own, key) ? merge(below[key], own[key]) : merge(undefined, below[key]);
    return value === null ? [] : [[key, value]];
  }));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
