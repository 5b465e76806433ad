import type { PreviewedResource } from "../../preview/engine/resource.ts";
import { tagKeys } from "../../practice/contract/tags.ts";
import { partitionOf } from "../../practice/plan/partition.ts";
import type { Plan } from "../../practice/plan/entries.ts";
import type { Account } from "./account.ts";

/** The stack that is looked at, and the account that is asked. */
export interface Subject {
  readonly plan: Plan;
  readonly account: Account;
  /** Number of the account that answers. */
  readonly number: string;
  readonly now: Date;
  /** Names in AWS of everything of a type that the stack declares, as far as they are known before it exists. */
  readonly namesOf: (type: string) => readonly string[];
}

/** Below the plan's own component: a program may declare several systems. */
export function namesIn(resources: readonly PreviewedResource[], plan: string): Subject["namesOf"] {
  const parents = new Map(resources.map(({ urn, parent }) => [urn, parent]));
  const isBelow = (urn: string | undefined): boolean => urn !== undefined && (urn === plan || isBelow(parents.get(urn)));
  return (type) => resources.filter((resource) => resource.type === type && isBelow(resource.urn))
    .flatMap(({ inputs }) => (typeof inputs.name === "string" ? [inputs.name] : []));
}

/** True for what this stack made, and for nothing that another stack or a person did. */
export const isOurs = ({ system, stack }: Plan, tags: Readonly<Record<string, string>>): boolean =>
  tags[tagKeys.system] === system.name && tags[tagKeys.stack] === stack;

export const topicArn = ({ plan: { region }, number }: Pick<Subject, "plan" | "number">, name: string): string =>
  `arn:${partitionOf(region)}:sns:${region}:${number}:${name}`;

/** An id that stands in the stack file; one that only an update will give cannot be asked for. */
export const isKnown = (identifier: unknown): identifier is string => typeof identifier === "string";
