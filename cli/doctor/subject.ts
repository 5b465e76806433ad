import type { PreviewedResource } from "../../preview/engine/resource.ts";
import { tagKeys } from "../../practice/contract/tags.ts";
import { partitionOf } from "../../practice/plan/partition.ts";
import type { Plan } from "../../practice/plan/entries.ts";
import type { Account } from "./account.ts";
import type { NamedThing } from "./named-thing.ts";

/** The stack that is looked at, and the account that is asked. */
export interface Subject {
  readonly plan: Plan;
  /** The account in the stack's own region. */
  readonly account: Account;
  readonly accountIn: (region: string) => Account;
  /** Number of the account that answers. */
  readonly number: string;
  readonly now: Date;
  /** Everything of a type whose name in AWS the stack fixes. What AWS or Pulumi gives a name of its own cannot clash. */
  readonly namedOf: (type: string) => readonly NamedThing[];
}

/** Below the plan's own component: a program may declare several systems. */
export function namedIn(resources: readonly PreviewedResource[], component: string): Subject["namedOf"] {
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const isBelow = (urn: string | undefined): boolean => urn !== undefined && (urn === component || isBelow(parents.get(urn)));
  return (type) => resources.filter((resource) => resource.type === type && isBelow(resource.urn)).flatMap(({ inputs }) => {
    const name = inputs.name ?? inputs.alarmName ?? inputs.family;
    if (typeof name !== "string") return [];
    return [{
      name,
      ...(typeof inputs.region === "string" ? { region: inputs.region } : {}),
      ...(typeof inputs.vpcId === "string" ? { vpcId: inputs.vpcId } : {}),
    }];
  });
}

export const namesOf = ({ namedOf }: Pick<Subject, "namedOf">, type: string): readonly string[] => namedOf(type).map(({ name }) => name);

/** True for what this stack made, and for nothing that another stack or a person did. */
export const isOurs = ({ system, stack }: Plan, tags: Readonly<Record<string, string>>): boolean =>
  tags[tagKeys.system] === system.name && tags[tagKeys.stack] === stack;

export const topicArn = ({ plan: { region }, number }: Pick<Subject, "plan" | "number">, name: string): string =>
  `arn:${partitionOf(region)}:sns:${region}:${number}:${name}`;

/** An id that stands in the stack file; one that only an update will give cannot be asked for. */
export const isKnown = (identifier: unknown): identifier is string => typeof identifier === "string";
