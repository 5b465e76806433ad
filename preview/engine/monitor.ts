import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import type { ReadResourceRequest, RegisterPackageRequest, RegisterResourceOutputsRequest, RegisterResourceRequest, ResourceInvokeRequest, SupportsFeatureRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { invoke } from "./invoke.ts";
import { messageOf } from "./message.ts";
import { read } from "./read.ts";
import type { Recording } from "./recording.ts";
import { register, registerOutputs } from "./register.ts";

type Reply = (error: { readonly code: number; readonly details: string; readonly message: string } | null, response?: unknown) => void;
type Method<Request> = (request: Request, reply: Reply) => void;

/** What the SDK calls in place of the engine: an object, no server. */
export interface Monitor {
  readonly getDeploymentInfo: Method<unknown>;
  readonly supportsFeature: Method<SupportsFeatureRequest>;
  readonly registerResource: Method<RegisterResourceRequest>;
  readonly registerResourceOutputs: Method<RegisterResourceOutputsRequest>;
  readonly readResource: Method<ReadResourceRequest>;
  readonly invoke: Method<ResourceInvokeRequest>;
  readonly call: Method<unknown>;
  readonly registerStackTransform: Method<Callback>;
  readonly registerStackInvokeTransform: Method<Callback>;
  readonly registerResourceHook: Method<unknown>;
  readonly registerErrorHook: Method<unknown>;
  readonly registerPackage: Method<RegisterPackageRequest>;
  readonly signalAndWaitForShutdown: Method<unknown>;
  readonly close: () => void;
}

/** gRPC's status codes, of which the SDK tells these two apart. */
const unknownStatus = 2;
const unimplementedStatus = 12;

const features: ReadonlySet<string> = new Set([
  "secrets", "resourceReferences", "outputValues", "deletedWith", "replaceWith", "aliasSpecs",
  "transforms", "invokeTransforms", "parameterization", "resourceHooks", "errorHooks",
]);

export function monitorFor(recording: Recording): Monitor {
  const { proto } = recording.sdk;
  return {
    // Not offered: every version then asks for each feature by name, so that one answer serves all.
    getDeploymentInfo: (_, reply) => reply({ code: unimplementedStatus, details: "", message: "" }),
    supportsFeature: answering((request) => {
      const response = new proto.SupportsFeatureResponse();
      response.setHassupport(features.has(request.getId()));
      return response;
    }),
    registerResource: answering((request) => register(request, recording)),
    registerResourceOutputs: answering((request) => registerOutputs(request, recording)),
    readResource: answering((request) => read(request, recording)),
    invoke: answering((request) => invoke(request, recording)),
    call: answering(() => {
      throw new Error("Expected resources that are declared in the program, got a method call on a packaged component, which needs its plugin. It cannot be previewed offline.");
    }),
    registerStackTransform: answering((callback) => void recording.stackTransforms.push(callback)),
    // What a preview leaves unknown needs no transform, and hooks run only when something is made.
    registerStackInvokeTransform: answering(() => {}),
    registerResourceHook: answering(() => {}),
    registerErrorHook: answering(() => {}),
    registerPackage: answering((request) => {
      const response = new proto.RegisterPackageResponse();
      response.setRef(`${request.getName()}@${request.getVersion()}`);
      return response;
    }),
    signalAndWaitForShutdown: answering(() => {}),
    close: () => {},
  };
}

function answering<Request>(answer: (request: Request) => unknown): Method<Request> {
  return (request, reply) => {
    Promise.resolve(request).then(answer).then(
      (response) => reply(null, response ?? {}),
      (error: unknown) => reply({ code: unknownStatus, details: messageOf(error), message: messageOf(error) }),
    );
  };
}
