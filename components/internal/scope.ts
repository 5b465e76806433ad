import type { Input } from "@pulumi/pulumi";
import { tagKeys } from "../../practice/contract/tags.ts";
import type { Identifier } from "../../practice/config/settings.ts";
import { partitionOf } from "../../practice/plan/partition.ts";
import type { Plan } from "../../practice/plan/entries.ts";

/** Whose resources these are and where they live: part of every name, ARN and tag. */
export interface Scope {
  readonly system: { readonly name: string; readonly owner: string };
  readonly stack: string;
  readonly region: string;
  readonly partition: string;
  readonly account: Input<string>;
}

export const scopeOf = ({ system, stack, region }: Plan): Scope => ({
  system: { name: system.name, owner: system.owner },
  stack,
  region,
  partition: partitionOf(region),
  account: known(system.account),
});

/** The area of the practice that a resource belongs to; short, because tags have 256 characters and people read them. */
export type TagArea = "backup" | "exports" | "retention" | "verification" | "routing" | "monitors" | "network";

export const tagsOf = ({ system, stack }: Scope, area: TagArea): Record<string, string> => ({
  [tagKeys.system]: system.name,
  [tagKeys.stack]: stack,
  [tagKeys.practice]: area,
  [tagKeys.owner]: system.owner,
});

/** A plan names a Pulumi Output only by its mark; here it becomes an input again. */
export const known = (identifier: Identifier): Input<string> => identifier as Input<string>;
