import type { DocumentResource } from "../../../preview/document.ts";
import { signature, unknownSentinel } from "../../../preview/engine/wire.ts";
import type { StateResource } from "./state.ts";

/** One place where the offline preview and the engine say something else of a resource. */
export interface Difference {
  readonly urn: string;
  /** Path, e.g. `inputs.name`. Empty: one of them does not know the resource. */
  readonly path: string;
  readonly offline: unknown;
  readonly engine: unknown;
}

/** What both say of a resource, in one form. */
type Comparable = Readonly<Record<string, unknown>>;

export function differencesBetween(offline: readonly DocumentResource[], engine: readonly StateResource[]): readonly Difference[] {
  const left = new Map(offline.map((resource) => [resource.urn, ofDocument(resource)]));
  const right = new Map(engine.map((resource) => [resource.urn, ofState(resource)]));
  return [...new Set([...left.keys(), ...right.keys()])].toSorted((one, other) => (one < other ? -1 : 1)).flatMap((urn) =>
    different("", left.get(urn), right.get(urn)).map((difference) => ({ urn, ...difference })));
}

function ofDocument(resource: DocumentResource): Comparable {
  const { type, parent, custom, external, options, inputs, propertyDependencies } = JSON.parse(JSON.stringify(resource)) as DocumentResource;
  const { protect, retainOnDelete, dependsOn, ignoreChanges, aliases, provider, additionalSecretOutputs } = options;
  return {
    type, parent, custom, external: external === true, protect, retainOnDelete, provider,
    inputs, propertyDependencies: ordered(propertyDependencies),
    dependencies: dependsOn.toSorted(),
    ignoreChanges: (ignoreChanges ?? []).toSorted(),
    aliases: (aliases ?? []).toSorted(),
    additionalSecretOutputs: (additionalSecretOutputs ?? []).toSorted(),
  };
}

function ofState(state: StateResource): Comparable {
  const { type, parent, custom, external, protect, retainOnDelete, provider, inputs, propertyDependencies, dependencies, ignoreChanges, aliases, additionalSecretOutputs } = state;
  return {
    type, parent, custom, external: external === true, protect: protect === true, retainOnDelete: retainOnDelete === true,
    provider: provider?.slice(0, provider.lastIndexOf("::")),
    inputs: shown(inputs ?? {}), propertyDependencies: ordered(propertyDependencies ?? {}),
    dependencies: (dependencies ?? []).toSorted(),
    ignoreChanges: (ignoreChanges ?? []).toSorted(),
    aliases: (aliases ?? []).toSorted(),
    additionalSecretOutputs: (additionalSecretOutputs ?? []).toSorted(),
  };
}

/** A property that depends on nothing may be listed or not. */
const ordered = (dependencies: Readonly<Record<string, readonly string[] | null>>): Comparable =>
  Object.fromEntries(Object.entries(dependencies).filter(([, urns]) => urns !== null && urns.length > 0).map(([property, urns]) => [property, urns?.toSorted()]));

/** As the offline preview's document shows values. */
function shown(value: unknown): unknown {
  if (value === unknownSentinel) return "[unknown]";
  if (Array.isArray(value)) return value.map(shown);
  if (value === null || typeof value !== "object") return value;
  const object = value as Comparable;
  switch (object[signature.key]) {
    case undefined: return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, shown(part)]));
    case signature.secret: return "[secret]";
    case signature.asset: return { asset: object.path ?? { text: object.text } };
    case signature.archive: return { asset: object.path ?? shown(object.assets) };
    default: throw new Error(`Expected a secret, an asset or an archive in the engine's state, got ${JSON.stringify(object)}.`);
  }
}

function different(path: string, offline: unknown, engine: unknown): readonly Omit<Difference, "urn">[] {
  if (isRecord(offline) && isRecord(engine)) {
    return [...new Set([...Object.keys(offline), ...Object.keys(engine)])].flatMap((key) =>
      different(path === "" ? key : `${path}.${key}`, offline[key], engine[key]));
  }
  return JSON.stringify(offline) === JSON.stringify(engine) ? [] : [{ path, offline, engine }];
}

const isRecord = (value: unknown): value is Comparable => value !== null && typeof value === "object" && !Array.isArray(value);
