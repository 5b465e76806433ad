import { isDeferred } from "./deferred.ts";
import { secretForm } from "./secrets.ts";

const LONGEST = 60;

/** A value as a message may show it: short, and never a secret. */
export function show(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (typeof value === "string") {
    const secret = secretForm(value);
    if (secret !== undefined) return `${secret.kind} (not shown)`;
    return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}...` : value);
  }
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (isDeferred(value)) return "an Output";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  return typeof value === "object" ? "keys with values" : `a ${typeof value}`;
}

/** `["upkeep:routing", "P0", "to", 1]` -> `upkeep:routing.P0.to[1]`: the path as the person wrote it. */
export const written = (path: readonly PropertyKey[]): string =>
  path.map((part, index) => {
    if (typeof part === "number") return `[${part}]`;
    const name = secretForm(String(part)) === undefined ? String(part) : "(not shown)";
    return index === 0 ? name : `.${name}`;
  }).join("");
