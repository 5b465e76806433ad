import { Config, getStack } from "@pulumi/pulumi";
import type { StackArgs } from "../../practice/config/schema/index.ts";
import { parseSettings } from "../../practice/config/parse.ts";
import { nowhere } from "../../practice/config/problems.ts";
import type { Plan } from "../../practice/plan/entries.ts";
import { soundPlan } from "../../practice/plan/sound.ts";

/** What a stack file says, as typed arguments. Read only: constants declared `as const` fit too. */
export type SystemArgs = Constant<StackArgs>;

type Constant<T> =
  T extends readonly (infer Item)[] ? readonly Constant<Item>[]
  : T extends object ? { readonly [Key in keyof T]: Constant<T[Key]> }
  : T;

/** Typed arguments go the way of a stack file: parsed as strictly, planned the same, refused with the same words. */
export function planOf(args: SystemArgs): Plan {
  const settings = parseSettings(args, { stack: getStack(), region: new Config("aws").get("region"), prefix: "" });
  return soundPlan(settings, nowhere);
}
