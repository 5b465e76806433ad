import * as sdk from "@pulumi/policy";
import type { PolicyResource, ResourceValidationArgs, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";

/** The SDK exports both and strips their types. */
const { unknownCheckingProxy, UnknownValueError } = sdk as unknown as {
  unknownCheckingProxy: (props: Record<string, unknown>) => Record<string, unknown>;
  UnknownValueError: new () => Error;
};

/** A resource as plain data: what a rule may look at, and nothing else. References are names of other resources. */
export interface Described {
  readonly type: string;
  props: Record<string, unknown>;
  protect?: boolean;
  /** Configuration of the resource's provider. */
  provider?: Record<string, unknown>;
  parent?: string;
  /** Inputs that are made of other resources' outputs. */
  refs?: Record<string, string[]>;
  /** Resources that are waited for beside those. */
  dependsOn?: string[];
}

export type Stack = Record<string, Described>;

/** What the engine puts in place of a text that only the cloud will know. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export interface Verdict {
  readonly messages: readonly string[];
  /** Names of the resources that the messages are about; a stack-wide message has none. */
  readonly about: readonly string[];
  /** Present when the rule says that there was nothing for it to judge. */
  readonly notApplicable?: string;
  /** Present when a value that nobody can know in a preview kept the rule from its end. */
  readonly doubt?: string;
}

export async function judge(policy: ResourceValidationPolicy | StackValidationPolicy, stack: Stack): Promise<Verdict> {
  const resources = resourcesOf(stack);
  const messages: string[] = [];
  const about: string[] = [];
  const doubts: string[] = [];
  const reasons: string[] = [];
  const reportFor = (fallback?: string) => (message: string, urn = fallback): void => {
    messages.push(message);
    if (urn === undefined) return;
    const subject = resources.find((resource) => resource.urn === urn);
    if (subject === undefined) throw new Error(`${policy.name} reported on ${urn}, which is not in the stack.`);
    about.push(subject.name);
  };
  const run = async (rule: () => void | Promise<void>): Promise<void> => {
    try {
      await rule();
    } catch (error) {
      if (error instanceof UnknownValueError) doubts.push(error.message);
      else if (error instanceof NotApplicable) reasons.push(error.message);
      else throw error;
    }
  };

  if ("validateStack" in policy) {
    const args = { resources: [...resources], stackTags: new Map(), getConfig: untaught("getConfig"), notApplicable: sayNotApplicable };
    await run(() => policy.validateStack(args, reportFor()));
  } else {
    for (const resource of resources) {
      const { type, name, urn, props, opts, isType } = resource;
      const args: ResourceValidationArgs = {
        type, name, urn, props, opts, isType, asType: untaught("asType"), stackTags: new Map(), getConfig: untaught("getConfig"), notApplicable: sayNotApplicable,
      };
      for (const rule of [policy.validateResource ?? []].flat()) await run(() => rule(args, reportFor(urn)));
    }
  }
  const [doubt] = doubts;
  // A resource rule is asked about every resource; that it passes over one of another type is no verdict on the stack.
  const [notApplicable] = "validateStack" in policy ? reasons : [];
  return { messages, about, ...(doubt === undefined ? {} : { doubt }), ...(notApplicable === undefined ? {} : { notApplicable }) };
}

class NotApplicable extends Error {}

const sayNotApplicable = (reason?: string): never => {
  throw new NotApplicable(reason);
};

const untaught = (what: string) => (): never => {
  throw new Error(`Nobody taught this double ${what}.`);
};

function resourcesOf(stack: Stack): readonly PolicyResource[] {
  const resources = new Map<string, PolicyResource>();
  const named = (name: string, by: string): PolicyResource => {
    const resource = resources.get(name);
    if (resource === undefined) throw new Error(`${by} refers to ${name}, which is not in the stack.`);
    return resource;
  };
  for (const [name, { type, props, protect = false }] of Object.entries(stack)) {
    const checked = unknownCheckingProxy(structuredClone(props));
    // The class that is asked about decides, not the mere fact of asking.
    const isType = (kind: unknown): boolean => (kind as { __pulumiType?: string }).__pulumiType === type;
    resources.set(name, {
      name,
      type,
      urn: urnOf(name, stack),
      props: checked,
      opts: { protect, ignoreChanges: [], aliases: [], additionalSecretOutputs: [], customTimeouts: { createSeconds: 0, updateSeconds: 0, deleteSeconds: 0 } },
      dependencies: [],
      propertyDependencies: {},
      isType,
      asType: (kind: unknown) => (isType(kind) ? checked : undefined),
    } as PolicyResource);
  }
  for (const [name, { parent, provider, refs = {}, dependsOn = [] }] of Object.entries(stack)) {
    const resource = named(name, "The stack");
    if (parent !== undefined) resource.parent = named(parent, name);
    if (provider !== undefined) resource.provider = { type: "pulumi:providers:aws", name: "default", urn: "", props: unknownCheckingProxy(provider) };
    resource.propertyDependencies = Object.fromEntries(
      Object.entries(refs).map(([property, targets]) => [property, targets.map((target) => named(target, name))]));
    const all = new Set([...Object.values(refs).flat(), ...dependsOn]);
    resource.dependencies = [...all].map((target) => named(target, name));
  }
  return [...resources.values()];
}

/** As the engine spells it: the types of all parents, then the name. */
function urnOf(name: string, stack: Stack): string {
  const types: string[] = [];
  for (let at: string | undefined = name; at !== undefined; at = stack[at]?.parent) types.unshift(stack[at]?.type ?? "missing");
  return `urn:pulumi:test::campus::${types.join("$")}::${name}`;
}
