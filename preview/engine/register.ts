import type { RegisterResourceOutputsRequest, RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import { aliasesOf } from "./aliases.ts";
import { inherit, urnOfReference } from "./inherit.ts";
import { messageOf } from "./message.ts";
import type { Recording } from "./recording.ts";
import type { PreviewedOptions, PreviewedResource } from "./resource.ts";
import { transform } from "./transforms.ts";
import { urnOf } from "./urn.ts";
import { decodeMap } from "./value.ts";
import { providerId, providerTypePrefix, signature, unknownSentinel } from "./wire.ts";

type Wire = Record<string, unknown>;

/** What the SDK asks of an answer. Not a message: encoding one to decode it in the same process would cost as much as all the rest. */
interface Answer {
  getUrn(): string;
  getId(): string;
  getObject(): { toJavaScript(): Wire };
  getPropertydependenciesMap(): undefined;
  getResult(): typeof success;
}

/** `Result.SUCCESS` of the protocol. */
const success = 0;

/**
 * Records a registration and answers as a preview of a create does.
 * It never answers with an error: each output of the resource would reject, and the rest of the program would go unseen.
 */
export async function register(request: RegisterResourceRequest, recording: Recording): Promise<Answer> {
  const parent = recording.resources.get(request.getParent());
  const urn = urnOf(recording, request.getParent(), request.getType(), request.getName());
  inherit(request, parent);
  try {
    await transform(request, recording);
  } catch (error) {
    recording.problems.push({ urn, message: `Expected the transforms of ${request.getName()} to return, one threw: ${messageOf(error)}` });
  }
  const wire = (request.getObject()?.toJavaScript() ?? {}) as Wire;
  if (recording.resources.has(urn)) {
    recording.problems.push({ urn, message: `Expected one resource with the URN ${urn}, got two. Give one of them another name.` });
  } else {
    recording.transforms.set(urn, request.getTransformsList());
    recording.resources.set(urn, record(request, urn, wire, recording, parent));
  }
  return answer(request, urn, wire);
}

function record(request: RegisterResourceRequest, urn: string, wire: Wire, recording: Recording, parent: PreviewedResource | undefined): PreviewedResource {
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    ...(request.getParent() === "" ? {} : { parent: request.getParent() }),
    custom: request.getCustom(),
    inputs: decodeMap(wire),
    options: { ...optionsOf(request), ...some("aliases", aliasesOf(request, recording, parent)) },
    propertyDependencies: propertyDependenciesOf(request, wire),
  };
}

function optionsOf(request: RegisterResourceRequest): PreviewedOptions {
  const protect = request.hasProtect() ? request.getProtect() : undefined;
  const retainOnDelete = request.hasRetainondelete() ? request.getRetainondelete() : undefined;
  const timeouts = request.getCustomtimeouts();
  const customTimeouts = { ...text("create", timeouts?.getCreate()), ...text("update", timeouts?.getUpdate()), ...text("delete", timeouts?.getDelete()) };
  const providers = [...request.getProvidersMap().entries()].map(([name, reference]) => [name, urnOfReference(reference)] as const);
  return {
    ...(protect === undefined ? {} : { protect }),
    ...(retainOnDelete === undefined ? {} : { retainOnDelete }),
    ...some("dependsOn", request.getDependenciesList()),
    ...some("ignoreChanges", request.getIgnorechangesList()),
    ...some("replaceOnChanges", request.getReplaceonchangesList()),
    ...(request.getDeletebeforereplacedefined() ? { deleteBeforeReplace: request.getDeletebeforereplace() } : {}),
    ...text("provider", request.getProvider() === "" ? "" : urnOfReference(request.getProvider())),
    ...(providers.length === 0 ? {} : { providers: Object.fromEntries(providers) }),
    ...text("version", request.getVersion()),
    ...some("additionalSecretOutputs", request.getAdditionalsecretoutputsList()),
    ...text("deletedWith", request.getDeletedwith()),
    ...text("importId", request.getImportid()),
    ...(Object.keys(customTimeouts).length === 0 ? {} : { customTimeouts }),
  };
}

/** The engine's rule: a request that names no property's dependencies means that each property depends on them all. */
function propertyDependenciesOf(request: RegisterResourceRequest, wire: Wire): Record<string, readonly string[]> {
  const sent = request.getPropertydependenciesMap();
  const all = request.getDependenciesList();
  const found: Record<string, readonly string[]> = {};
  if (sent.getLength() === 0 && all.length > 0) {
    for (const property of Object.keys(wire)) found[property] = all;
    return found;
  }
  for (const [property, dependencies] of sent.entries()) {
    const urns = dependencies.getUrnsList();
    if (urns.length > 0 && property in wire) found[property] = urns;
  }
  return found;
}

function answer(request: RegisterResourceRequest, urn: string, wire: Wire): Answer {
  const id = request.getType().startsWith(providerTypePrefix) ? providerId : request.getImportid();
  // A component sets its own outputs. For the rest, inputs come back as they are, and the SDK makes what is absent unknown.
  const outputs = request.getCustom() || request.getRemote() ? withSecretOutputs(request, wire) : {};
  return {
    getUrn: () => urn,
    getId: () => id,
    getObject: () => ({ toJavaScript: () => outputs }),
    getPropertydependenciesMap: () => undefined,
    getResult: () => success,
  };
}

function withSecretOutputs(request: RegisterResourceRequest, wire: Wire): Wire {
  const outputs: Wire = { ...wire };
  for (const name of request.getAdditionalsecretoutputsList()) {
    const value = outputs[name] ?? unknownSentinel;
    const secretAlready = typeof value === "object" && (value as Wire)[signature.key] === signature.secret;
    if (!secretAlready) outputs[name] = { [signature.key]: signature.secret, value };
  }
  return outputs;
}

export function registerOutputs(request: RegisterResourceOutputsRequest, recording: Recording): void {
  recording.outputs.set(request.getUrn(), decodeMap(request.getOutputs()?.toJavaScript() ?? {}));
}

function some<Key extends string>(key: Key, list: readonly string[]): Partial<Record<Key, readonly string[]>> {
  return list.length === 0 ? {} : { [key]: list } as Record<Key, readonly string[]>;
}

function text<Key extends string>(key: Key, value: string | undefined): Partial<Record<Key, string>> {
  return value ? { [key]: value } as Record<Key, string> : {};
}
