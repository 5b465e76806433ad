import { createHash } from "node:crypto";

/** Index fields that a restore changes without changing the index. */
const UNIMPORTANT = new Set(["ns", "background"]);
const NUMBERS = ["$numberInt", "$numberLong", "$numberDouble"] as const;

/**
 * What a collection is, from the metadata that an archive has of it: how many indexes, and a hash of them and of its
 * options. A restore without indexes has every document and is none.
 */
export function definitionOf(metadata: string): string {
  const { options = {}, indexes = [] } = parsed(metadata);
  const canonical = {
    options: sorted(options),
    indexes: indexes.map((index) => sorted(without(index)))
      .toSorted((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1)),
  };
  const digest = createHash("sha256").update(JSON.stringify(canonical)).digest("hex").slice(0, 32);
  return `${indexes.length} ${indexes.length === 1 ? "index" : "indexes"}, ${digest}`;
}

type Fields = Readonly<Record<string, unknown>>;

function parsed(metadata: string): { readonly options?: Fields; readonly indexes?: readonly Fields[] } {
  try {
    return JSON.parse(metadata) as { readonly options?: Fields; readonly indexes?: readonly Fields[] };
  } catch (error) {
    throw new Error("Expected the metadata of each collection in the archive to be JSON, it is not: the archive is corrupt.", { cause: error });
  }
}

const without = (index: Fields): Fields => Object.fromEntries(Object.entries(index).filter(([name]) => !UNIMPORTANT.has(name)));

/** Numbers are written with their type, which a server may change; the number is what counts. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  const fields: Fields = { ...value };
  for (const name of NUMBERS) if (typeof fields[name] === "string") return Number(fields[name]);
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, plain(field)]));
}

/** By the names of the fields, whose order a server may change; inside of a field, as in an index's key, it means something. */
function sorted(value: unknown): unknown {
  const simple = plain(value);
  if (typeof simple !== "object" || simple === null || Array.isArray(simple)) return simple;
  return Object.fromEntries(Object.entries(simple).toSorted(([one], [other]) => (one < other ? -1 : 1)));
}
