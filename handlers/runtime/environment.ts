/**
 * Reads the named variables, and reports all that are missing in one error. Those named in `optional` may be absent or
 * empty, and are then the empty string.
 */
export function readEnvironment<const Names extends Readonly<Record<string, string>>>(
  names: Names,
  env: Readonly<Record<string, string | undefined>>,
  optional: readonly (keyof Names)[] = [],
): { readonly [Key in keyof Names]: string } {
  const missing: string[] = [];
  const values: Partial<Record<keyof Names, string>> = {};
  for (const key of Object.keys(names) as (keyof Names)[]) {
    const name = names[key] ?? "";
    const value = env[name] ?? "";
    if (value === "" && !optional.includes(key)) missing.push(name);
    values[key] = value;
  }
  if (missing.length > 0) {
    throw new Error(`Expected environment variables that are not set: ${missing.join(", ")}. The component that declares this function sets them.`);
  }
  return values as { readonly [Key in keyof Names]: string };
}
