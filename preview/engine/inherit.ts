import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";
import type { PreviewedResource } from "./resource.ts";
import { packageOf } from "./urn.ts";
import { providerId, providerTypePrefix } from "./wire.ts";

/**
 * What a child takes from its parent when it says nothing itself.
 * The engine does this before transforms run: afterwards it would be lost, since the SDK hands an unset flag to a transform as false.
 */
export function inherit(request: RegisterResourceRequest, parent: PreviewedResource | undefined): void {
  if (!parent) return;
  const { protect, retainOnDelete, deletedWith } = parent.options;
  if (!request.hasProtect() && protect !== undefined) request.setProtect(protect);
  if (!request.hasRetainondelete() && retainOnDelete !== undefined) request.setRetainondelete(retainOnDelete);
  if (request.getDeletedwith() === "" && deletedWith !== undefined) request.setDeletedwith(deletedWith);
  inheritProvider(request, parent);
}

function inheritProvider(request: RegisterResourceRequest, parent: PreviewedResource): void {
  if (!request.getCustom()) {
    const providers = request.getProvidersMap();
    for (const [name, urn] of Object.entries(parent.options.providers ?? {})) {
      if (!providers.has(name)) providers.set(name, referenceTo(urn));
    }
    return;
  }
  const type = request.getType();
  if (request.getProvider() !== "" || type.startsWith(providerTypePrefix)) return;
  const own = packageOf(type);
  const fromComponent = parent.options.providers?.[own];
  const fromSibling = parent.custom && packageOf(parent.type) === own ? parent.options.provider : undefined;
  const provider = fromComponent ?? fromSibling;
  if (provider !== undefined) request.setProvider(referenceTo(provider));
}

/** The engine refers to a provider by URN and id. */
function referenceTo(providerUrn: string): string {
  return `${providerUrn}::${providerId}`;
}

export function urnOfReference(reference: string): string {
  return reference.slice(0, reference.lastIndexOf("::"));
}
