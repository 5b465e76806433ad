import { type CloudOperations, identities } from "./cloud.ts";
import { type ResourceSchema, schemaOf } from "./resource-schema.ts";
import type { Wire } from "./wire.ts";

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

export interface Checked {
  readonly inputs: Wire;
  readonly failures: readonly Failure[];
}

/** What AWS's provider adds to the inputs itself, and takes back when a thing is imported. */
const addedTags = "tagsAll";

/** A type that the installed package has not is a fault of the program, and so is an input that the type has not. */
export function check(type: string, label: string, news: Wire, olds: Wire, seed: Uint8Array, defaultTags: Wire): Checked {
  const schema = schemaOf(type);
  if (!schema) return { inputs: news, failures: [{ property: "", reason: `Expected a type of the installed package, got ${type}.` }] };
  const failures = [
    ...schema.required.filter((property) => !(property in news)).map((property) => ({ property, reason: "Missing required property." })),
    ...Object.keys(news).filter((property) => !schema.inputs.has(property) && property !== addedTags).map((property) => ({ property, reason: `Not an input of ${type}.` })),
  ];
  return { inputs: { ...news, ...named(schema, label, news, olds, seed), ...tagged(schema, news, defaultTags) }, failures };
}

/** What has no name gets one, and keeps it. */
function named({ inputs, required }: ResourceSchema, label: string, news: Wire, olds: Wire, seed: Uint8Array): Wire {
  if (!inputs.has("name") || required.includes("name") || "name" in news || "namePrefix" in news) return {};
  return { name: olds.name ?? `${label}-${Buffer.from(seed).toString("hex").slice(0, 7)}` };
}

/** AWS's provider adds the tags of its own settings to each resource's. */
function tagged({ computed, inputs }: ResourceSchema, { tags }: Wire, defaultTags: Wire): Wire {
  if (!inputs.has("tags") || !computed.includes(addedTags)) return {};
  return { [addedTags]: { ...defaultTags, ...(tags as Wire | undefined) } };
}

export interface Difference {
  readonly changed: readonly string[];
  readonly replaces: readonly string[];
}

export function differ(olds: Wire, news: Wire, ignored: readonly string[]): Difference {
  const all = new Set([...Object.keys(olds), ...Object.keys(news)]);
  const changed = [...all].filter((property) => !ignored.includes(property) && canonical(olds[property]) !== canonical(news[property]));
  return { changed, replaces: changed.filter((property) => identities.includes(property)) };
}

/** Maps come in any order. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, part: unknown) => (part !== null && typeof part === "object" && !Array.isArray(part)
    ? Object.fromEntries(Object.entries(part).toSorted(([left], [right]) => (left < right ? -1 : 1)))
    : part)) ?? "absent";

/** What will be known once the thing exists. */
export function previewed(type: string, inputs: Wire, unknown: string): Wire {
  const computed = schemaOf(type)?.computed ?? [];
  return { ...Object.fromEntries(computed.map((property) => [property, unknown])), ...inputs };
}

export const imported = async (cloud: CloudOperations, type: string, id: string, properties: Wire): Promise<{ readonly state: Wire; readonly inputs: Wire } | undefined> => {
  const thing = await cloud.read(type, id, properties);
  const inputs = schemaOf(type)?.inputs ?? new Set();
  return thing && {
    state: thing.properties,
    inputs: Object.fromEntries(Object.entries(thing.properties).filter(([property]) => inputs.has(property) || property === addedTags)),
  };
};
