import type { PolicyProviderResource, PolicyResource, PolicyResourceOptions } from "@pulumi/policy";
import type { PreviewedResource } from "../engine/resource.ts";
import { packageOf } from "../engine/urn.ts";
import { providerTypePrefix } from "../engine/wire.ts";
import { plainMap } from "./plain.ts";
import type { Rules } from "./rules.ts";

/** A resource as rules see it. */
export interface Subject extends PolicyResource {
  /**
   * What the program gave it: rules for one resource see this. Rules for the whole stack see `props`, what it is in the end:
   * for a component only what it put out itself, as under the engine.
   */
  readonly inputs: Record<string, unknown>;
}

type ResourceClass = Parameters<PolicyResource["isType"]>[0];

/**
 * Resources as rules see them, edges between them as objects. Properties are read when a rule first asks, which most never do.
 */
export function subjectsOf(resources: readonly PreviewedResource[], rules: Rules, config: Readonly<Record<string, string>>): readonly Subject[] {
  const byUrn = new Map<string, Subject>();
  for (const resource of resources) byUrn.set(resource.urn, subject(resource, rules));
  const found = (urns: readonly string[]): Subject[] => urns.flatMap((urn) => byUrn.get(urn) ?? []);
  for (const resource of resources) {
    const own = byUrn.get(resource.urn);
    if (!own) continue;
    const parent = resource.parent === undefined ? undefined : byUrn.get(resource.parent);
    if (parent) own.parent = parent;
    own.dependencies = found(resource.options.dependsOn ?? []);
    for (const [property, urns] of Object.entries(resource.propertyDependencies)) own.propertyDependencies[property] = found(urns);
    const provider = providerOf(resource, byUrn, config);
    if (provider) own.provider = provider;
  }
  return [...byUrn.values()];
}

function subject(resource: PreviewedResource, { sdk }: Rules): Subject {
  const inputs = once(() => sdk.unknownCheckingProxy(plainMap(resource.inputs)));
  const props = resource.custom ? inputs : once(() => sdk.unknownCheckingProxy(plainMap(resource.outputs ?? {})));
  const isType = (asked: ResourceClass): boolean => isOfClass(resource.type, asked);
  return {
    type: resource.type,
    name: resource.name,
    urn: resource.urn,
    opts: optionsOf(resource),
    get inputs() {
      return inputs();
    },
    get props() {
      return props();
    },
    dependencies: [],
    propertyDependencies: {},
    isType,
    asType: ((asked: ResourceClass) => (isType(asked) ? props() : undefined)) as PolicyResource["asType"],
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** Generated classes carry their type token; others can only be asked. */
function isOfClass(type: string, asked: ResourceClass): boolean {
  const { __pulumiType: token, isInstance } = asked as { readonly __pulumiType?: unknown; readonly isInstance?: (object: unknown) => boolean };
  if (typeof token === "string" && token !== "") return token === type;
  return isInstance?.({ __pulumiType: type }) === true;
}

function optionsOf({ options, parent }: PreviewedResource): PolicyResourceOptions {
  const { protect = false, ignoreChanges = [], aliases = [], additionalSecretOutputs = [], deleteBeforeReplace, customTimeouts = {} } = options;
  return {
    protect,
    ignoreChanges: [...ignoreChanges],
    aliases: [...aliases],
    additionalSecretOutputs: [...additionalSecretOutputs],
    customTimeouts: {
      createSeconds: seconds(customTimeouts.create),
      updateSeconds: seconds(customTimeouts.update),
      deleteSeconds: seconds(customTimeouts.delete),
    },
    ...(deleteBeforeReplace === undefined ? {} : { deleteBeforeReplace }),
    ...(parent === undefined ? {} : { parent }),
  };
}

const secondsIn: Readonly<Record<string, number>> = { h: 3_600, m: 60, s: 1 };

/** Timeouts are written as Go writes durations: `1h30m`. Absent: 0, as the engine has it. */
function seconds(duration: string | undefined): number {
  return [...(duration ?? "").matchAll(/(\d+(?:\.\d+)?)([hms])(?!s)/g)]
    .reduce((total, [, amount = "0", unit = "s"]) => total + Number(amount) * (secondsIn[unit] ?? 0), 0);
}

/** The named provider, or the default one, which the engine makes of the stack's configuration. */
function providerOf({ type, custom, options }: PreviewedResource, byUrn: ReadonlyMap<string, Subject>, config: Readonly<Record<string, string>>): PolicyProviderResource | undefined {
  const named = options.provider === undefined ? undefined : byUrn.get(options.provider);
  if (named) {
    return {
      type: named.type, name: named.name, urn: named.urn,
      get props() {
        return named.props;
      },
    };
  }
  const owner = packageOf(type);
  if (!custom || owner === "pulumi") return undefined;
  const settings = Object.entries(config).filter(([key]) => key.startsWith(`${owner}:`)).map(([key, value]) => [key.slice(owner.length + 1), value]);
  return { type: `${providerTypePrefix}${owner}`, name: "default", urn: "", props: Object.fromEntries(settings) as Record<string, unknown> };
}
