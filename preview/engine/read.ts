import type { ReadResourceRequest, ReadResourceResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import { urnOfReference } from "./inherit.ts";
import type { Recording } from "./recording.ts";
import { urnOf } from "./urn.ts";
import { decodeMap } from "./value.ts";
import { unknownSentinel } from "./wire.ts";

const stackReferenceType = "pulumi:pulumi:StackReference";

/** Records a resource that exists outside the stack. What the program did not say of it is unknown. */
export function read(request: ReadResourceRequest, recording: Recording): ReadResourceResponse {
  const { sdk } = recording;
  const type = request.getType();
  const urn = urnOf(recording, request.getParent(), type, request.getName());
  const given = (request.getProperties()?.toJavaScript() ?? {}) as Record<string, unknown>;
  const dependsOn = request.getDependenciesList();
  if (recording.resources.has(urn)) {
    recording.problems.push({ urn, message: `Expected one resource with the URN ${urn}, got two. Give one of them another name.` });
  }
  recording.resources.set(urn, {
    urn,
    type,
    name: request.getName(),
    ...(request.getParent() === "" ? {} : { parent: request.getParent() }),
    custom: true,
    external: true,
    inputs: decodeMap(given),
    options: {
      ...(dependsOn.length === 0 ? {} : { dependsOn }),
      ...(request.getProvider() === "" ? {} : { provider: urnOfReference(request.getProvider()) }),
      ...(request.getVersion() === "" ? {} : { version: request.getVersion() }),
    },
    propertyDependencies: {},
  });
  const response = new sdk.proto.ReadResourceResponse();
  response.setUrn(urn);
  const properties = type === stackReferenceType ? stackReference(given, recording) : given;
  response.setProperties(sdk.struct.fromJavaScript(properties));
  return response;
}

function stackReference(given: Readonly<Record<string, unknown>>, { fixtures }: Recording): Record<string, unknown> {
  const name = String(given.name);
  return { name, outputs: fixtures.stacks?.[name] ?? unknownSentinel, secretOutputNames: [] };
}
