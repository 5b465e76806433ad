import type { Value } from "./value.ts";

/** What a program asked for, as the engine would have received it. */
export interface PreviewedResource {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** URN of the parent. Only the root stack has none. */
  readonly parent?: string;
  /** False for components, which group others and exist in no cloud. */
  readonly custom: boolean;
  /** True when it exists outside the stack and is only read. */
  readonly external?: true;
  readonly inputs: Readonly<Record<string, Value>>;
  readonly options: PreviewedOptions;
  /** For each property, the URNs of the resources that its value came from. */
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** What a component or the stack declared with `registerOutputs`. */
  readonly outputs?: Readonly<Record<string, Value>>;
}

/** The resource options that are set, after inheritance and transforms. References to resources are URNs. */
export interface PreviewedOptions {
  readonly protect?: boolean;
  readonly retainOnDelete?: boolean;
  /** Everything that must exist first, named by `dependsOn` or by a property. */
  readonly dependsOn?: readonly string[];
  readonly ignoreChanges?: readonly string[];
  readonly replaceOnChanges?: readonly string[];
  readonly deleteBeforeReplace?: boolean;
  /** URNs under which the resource was known before, those that follow from its parent's aliases too. */
  readonly aliases?: readonly string[];
  readonly provider?: string;
  /** Package to provider, for components. */
  readonly providers?: Readonly<Record<string, string>>;
  readonly version?: string;
  readonly additionalSecretOutputs?: readonly string[];
  readonly deletedWith?: string;
  readonly importId?: string;
  readonly customTimeouts?: { readonly create?: string; readonly update?: string; readonly delete?: string };
}
