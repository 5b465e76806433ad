import { runtime } from "@pulumi/pulumi";
import { Maintenance } from "../../../components/maintenance.ts";
import type { Settings } from "../../../practice/config/settings.ts";
import { makePlan } from "../../../practice/plan/plan.ts";
import { Cloud } from "../engine/cloud.ts";
import { everySetting } from "../everything.ts";
import type { PolicyDocument } from "./policy-document.ts";

/** The account in which the support's cloud makes its ARNs. */
export const ACCOUNT = "111122223333";

/** Keys that belong to the system, not to us. */
export const systemKeys = {
  secret: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/of-the-secret`,
  source: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/of-the-uploads`,
  state: `arn:aws:kms:eu-central-1:${ACCOUNT}:key/of-the-state`,
} as const;

export interface Declared {
  readonly type: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** A stack's resources, with every value that only a cloud gives. */
export interface DeclaredStack {
  readonly resources: readonly Declared[];
  /** The one resource of a type and name. Throws when there is none. */
  readonly the: (type: string, name: string) => Declared;
  readonly arnOf: (type: string, name: string) => string;
  /** Policy of a role, by the name that both have. */
  readonly rolePolicy: (name: string) => PolicyDocument;
}

/**
 * The stack that has everything, with every value that `pulumi up` would know: were the ARNs in a policy unknown, `arn`
 * and `arn/*` could not be told apart.
 */
export async function declareStack(changed: Partial<Settings> = {}): Promise<DeclaredStack> {
  const resources: Declared[] = [];
  const cloud = new Cloud();
  await runtime.setMocks({
    newResource: ({ type, name, inputs, custom }) => {
      if (custom === false) return { id: undefined, state: {} };
      const { id, properties } = cloud.create(type, name, inputs as Readonly<Record<string, unknown>>);
      resources.push({ type, name, inputs: inputs as Declared["inputs"], outputs: properties });
      return { id, state: properties };
    },
    call: ({ token }) => {
      throw new Error(`Expected no call to a provider, got ${token}.`);
    },
  }, "upkeep", "test", true);

  const { plan } = makePlan({ ...everySetting(), ...changed });
  await runtime.runInPulumiStack(() => Promise.resolve({ maintenance: new Maintenance("campus", { plan }) }));
  await runtime.disconnect();

  const the = (type: string, name: string): Declared => {
    const found = resources.find((resource) => resource.type === type && resource.name === name);
    if (found) return found;
    const names = resources.filter((resource) => resource.type === type).map((resource) => resource.name);
    throw new Error(`Expected ${type} ${name}, there are ${names.join(", ") || "none of this type"}.`);
  };
  return {
    resources,
    the,
    arnOf: (type, name) => {
      const { arn } = the(type, name).outputs;
      if (typeof arn !== "string") throw new Error(`Expected ${type} ${name} to have an ARN, got ${JSON.stringify(arn)}.`);
      return arn;
    },
    rolePolicy: (name) => the("aws:iam/rolePolicy:RolePolicy", name).inputs.policy as PolicyDocument,
  };
}
