import { isMap, isScalar, type Document } from "yaml";
import { merge } from "./merge.ts";
import { mapping } from "./mapping.ts";

/** What stands in place of a `secure:` value, which nobody can read without the stack's key. */
const secretPlaceholder = "[secret]";

/** Configuration as the engine hands it to a program: every value is text, objects are JSON. */
export interface FlatConfig {
  readonly config: Readonly<Record<string, string>>;
  /** Keys with a secret in them: one nested anywhere makes the whole key secret. */
  readonly secretKeys: readonly string[];
}

export function flatten(values: Readonly<Record<string, unknown>>): FlatConfig {
  const entries = Object.entries(values);
  return {
    config: Object.fromEntries(entries.map(([key, value]) => [key, asText(hidden(value))])),
    secretKeys: entries.filter(([, value]) => holdsSecret(value)).map(([key]) => key),
  };
}

const asText = (value: unknown): string => (typeof value === "string" ? value : value === null ? "" : JSON.stringify(value, inOrderOfKeys));

/** The engine's own JSON: it has forgotten in which order the file said it, and what lists are made of it must be the same here. */
const inOrderOfKeys = (_: string, value: unknown): unknown =>
  value === null || typeof value !== "object" || Array.isArray(value)
    ? value
    : Object.fromEntries(Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0)));

/** The inverse: text that is JSON of an object or a list is that, everything else is itself. */
function unflatten(text: string): unknown {
  if (text === "" || text === "null") return null;
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Text that only looks like JSON: the schema says what was expected in its place.
    return text;
  }
}

/** What stands under `root` of a stack file; numbers and booleans at the top are the text that was written. Keys without a namespace are the project's. */
export function stackConfig(document: Document, root: string, value: unknown, project: string): Readonly<Record<string, unknown>> {
  const node = document.get(root, true);
  return Object.fromEntries(Object.entries(mapping(value)).map(([key, item]) => {
    const scalar = isMap(node) ? node.get(key, true) : undefined;
    const source = isScalar(scalar) && typeof item !== "string" && item !== null ? scalar.source : undefined;
    return [inNamespace(key, project), source ?? item];
  }));
}

/** `config:` of Pulumi.yaml. A key of the project has a `default` or a `value` or is its own; one of another namespace has a `value` or is its own. */
export const projectConfig = (value: unknown, project: string): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(mapping(value)).flatMap(([key, item]) => {
    const said = mapping(item);
    const chosen = "value" in said ? said.value : "default" in said ? said.default : "type" in said ? undefined : item;
    return chosen === undefined ? [] : [[inNamespace(key, project), typeof chosen === "number" || typeof chosen === "boolean" ? String(chosen) : chosen]];
  }));

const inNamespace = (key: string, project: string): string => (key.includes(":") ? key : `${project}:${key}`);

/** A stack's values over the project's. Defaults that were written into a stack file are merged with the project's: they are refused, but nothing else is. */
export function withProject(project: Readonly<Record<string, unknown>>, own: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const defaults = defaultsKey in own ? { [defaultsKey]: merge(project[defaultsKey], own[defaultsKey]) } : {};
  return { ...project, ...own, ...defaults };
}

/** What stands under `upkeep:`, with the defaults of all stacks below it. */
export function upkeepValues(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const own = Object.fromEntries(Object.entries(values)
    .filter(([key]) => key.startsWith(namespace) && key !== defaultsKey)
    .map(([key, value]) => [key.slice(namespace.length), typeof value === "string" ? unflatten(value) : value]));
  const defaults = values[defaultsKey];
  return mapping(merge(typeof defaults === "string" ? unflatten(defaults) : defaults, own));
}

export const namespace = "upkeep:";
export const defaultsKey = `${namespace}defaults`;

const isSecure = (value: unknown): boolean => {
  const { secure, ...others } = mapping(value);
  return typeof secure === "string" && Object.keys(others).length === 0;
};

function hidden(value: unknown): unknown {
  if (isSecure(value)) return secretPlaceholder;
  if (Array.isArray(value)) return value.map(hidden);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, hidden(item)]));
}

function holdsSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isSecure(value) || Object.values(value).some(holdsSecret);
}
