import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import type { PreviewedResource } from "./resource.ts";
import type { Problem } from "./problem.ts";
import type { Sdk } from "./sdk.ts";
import type { Deployment } from "./urn.ts";
import type { Value } from "./value.ts";

/** Answers that a preview cannot ask the cloud for. What is not here is unknown. */
export interface Fixtures {
  /** Outputs of other stacks, by the name given to `StackReference`. */
  readonly stacks?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Results of functions, by token, e.g. `aws:index/getCallerIdentity:getCallerIdentity`. */
  readonly invokes?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** All that is known of one run, filled while the program runs. */
export interface Recording extends Deployment {
  readonly sdk: Sdk;
  readonly organization: string;
  readonly fixtures: Fixtures;
  /** In the order of registration. */
  readonly resources: Map<string, PreviewedResource>;
  readonly outputs: Map<string, Readonly<Record<string, Value>>>;
  readonly problems: Problem[];
  readonly warnings: string[];
  /** Transforms that reach a resource's children, by its URN. */
  readonly transforms: Map<string, readonly Callback[]>;
  readonly stackTransforms: Callback[];
}

export function newRecording(of: Pick<Recording, "sdk" | "stack" | "project" | "organization" | "fixtures">): Recording {
  return {
    ...of,
    resources: new Map(),
    outputs: new Map(),
    problems: [],
    warnings: [],
    transforms: new Map(),
    stackTransforms: [],
  };
}
