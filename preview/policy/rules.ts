import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import { withLazySdk } from "../program/lazy-sdk.ts";

export interface Rules {
  readonly policies: Policies;
  /** From the copy of `@pulumi/policy` that the rules use: they recognise an unknown value by its class. */
  readonly sdk: UnknownValues;
}

/** How `@pulumi/policy` treats values that only the cloud knows. It exports both and leaves them out of its types. */
export interface UnknownValues {
  /** The same properties, of which an unknown one throws when it is read. */
  unknownCheckingProxy(properties: Record<string, unknown>): Record<string, unknown>;
  readonly UnknownValueError: new (...args: never[]) => Error;
}

/** Loads the compiled rules of a policy pack: a module that exports `rules`, and constructs no pack, which would open a server. */
export function loadRules(file: string): Rules {
  if (!existsSync(file)) throw new Error(`Expected the compiled policy rules at ${file}, found none. Run npm run build.`);
  const require = createRequire(file);
  const { rules } = withLazySdk(() => require(file) as { readonly rules?: Policies });
  if (!Array.isArray(rules)) throw new Error(`Expected ${file} to export "rules", a list of policies, got ${typeof rules}.`);
  return { policies: rules, sdk: require("@pulumi/policy/proxy.js") as UnknownValues };
}
