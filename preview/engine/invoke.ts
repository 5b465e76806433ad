import type { ResourceInvokeRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { Recording } from "./recording.ts";
import type { Runtime, Sdk } from "./sdk.ts";

/** Shape that every version's answer to an invoke has; its class moved between versions. */
interface Answer {
  getReturn(): unknown;
  getFailuresList(): readonly never[];
}

/**
 * Answers a function call from the fixtures. One that returns a promise cannot be unknown,
 * so without a fixture it fails; those that return an Output never come here without one.
 */
export function invoke(request: ResourceInvokeRequest, { sdk, fixtures }: Recording): Answer {
  const token = request.getTok();
  const fixture = fixtures.invokes?.[token];
  if (!fixture) {
    const name = token.split(":").at(-1) ?? token;
    throw new Error(`Expected a call that a preview can leave unknown, got ${name}(), whose answer only the cloud knows. Use ${name}Output(), which is unknown in a preview.`);
  }
  return {
    getReturn: () => sdk.struct.fromJavaScript(fixture),
    getFailuresList: () => [],
  };
}

const patched = new WeakSet<Runtime>();

/**
 * Lets functions that return an Output be unknown where there is no fixture. SDKs before 3.256 know no unknown answer
 * (a property of theirs that is absent would read as undefined), so the question is caught before it is asked.
 * `recordingNow` tells whose program is asking; outside a preview the SDK answers as ever.
 */
export function leaveInvokesUnknown({ pulumi }: Sdk, recordingNow: () => Recording | undefined): void {
  const { runtime } = pulumi;
  if (patched.has(runtime)) return;
  patched.add(runtime);
  for (const name of ["invokeOutput", "invokeSingleOutput"] as const) {
    const original = runtime[name];
    runtime[name] = (token, args, options, packageRef) => {
      const recording = recordingNow();
      if (!recording || recording.fixtures.invokes?.[token]) return original(token, args, options, packageRef);
      return pulumi.output([args, options?.dependsOn]).apply(() => pulumi.unknown);
    };
  }
}
