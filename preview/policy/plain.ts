import { Asset, ResourceReference, Secret, Unknown, type Value } from "../engine/value.ts";
import { unknownSentinel } from "../engine/wire.ts";

/**
 * A value as rules see it under the real engine: secrets open, unknown values as the sentinel that their proxy recognises,
 * whole resources by URN.
 */
function plain(value: Value): unknown {
  if (value === null || typeof value !== "object") return value;
  if (value instanceof Secret) return plain(value.reveal());
  if (value instanceof Unknown) return unknownSentinel;
  if (value instanceof Asset) return plainAsset(value);
  if (value instanceof ResourceReference) return value.urn;
  if (Array.isArray(value)) return value.map(plain);
  return plainMap(value as Readonly<Record<string, Value>>);
}

export function plainMap(values: Readonly<Record<string, Value>>): Record<string, unknown> {
  const plainValues: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) plainValues[key] = plain(value);
  return plainValues;
}

function plainAsset({ source }: Asset): Record<string, unknown> {
  return "assets" in source ? { assets: plainMap(source.assets) } : { ...source };
}
