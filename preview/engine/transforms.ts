import type { Callback } from "@pulumi/pulumi/proto/callback_pb.js";
import type { RegisterResourceRequest, TransformRequest, TransformResourceOptions, TransformResponse } from "@pulumi/pulumi/proto/resource_pb.js";
import type { Recording } from "./recording.ts";
import type { Callbacks, Sdk } from "./sdk.ts";
import type { Monitor } from "./monitor.ts";

/**
 * Holds a program's transforms without the server that the SDK would start for them: in one process they can be called.
 * Everything but the server is the SDK's own.
 */
export function callbacksInProcess(sdk: Sdk, monitor: Monitor): Callbacks {
  return Object.assign(Object.create(sdk.CallbackServer.prototype) as object, {
    _callbacks: new Map(),
    _pendingRegistrations: 0,
    _awaitQueue: [],
    _monitor: monitor,
    _target: Promise.resolve("in-process"),
    _server: { forceShutdown: () => {} },
  });
}

/** Runs the resource's own transforms, then each ancestor's from the nearest outwards, then the stack's. */
export async function transform(request: RegisterResourceRequest, recording: Recording): Promise<void> {
  for (const callback of transformsFor(request, recording)) {
    const held = recording.sdk.store.getStore().callbacks?._callbacks.get(callback.getToken());
    if (!held) throw new Error(`Expected the transform ${callback.getToken()} among the program's, found none.`);
    const response = await held(asTransformRequest(request, recording.sdk).serializeBinary());
    apply(response, request);
  }
}

function transformsFor(request: RegisterResourceRequest, { transforms, stackTransforms, resources }: Recording): readonly Callback[] {
  const all = [...request.getTransformsList()];
  for (let urn: string | undefined = request.getParent(); urn; urn = resources.get(urn)?.parent) {
    all.push(...(transforms.get(urn) ?? []));
  }
  return [...all, ...stackTransforms];
}

function asTransformRequest(request: RegisterResourceRequest, { proto }: Sdk): TransformRequest {
  const asked = new proto.TransformRequest();
  asked.setType(request.getType());
  asked.setName(request.getName());
  asked.setCustom(request.getCustom());
  asked.setParent(request.getParent());
  asked.setProperties(request.getObject());

  const options = new proto.TransformResourceOptions();
  options.setDependsOnList(request.getDependenciesList());
  options.setIgnoreChangesList(request.getIgnorechangesList());
  options.setReplaceOnChangesList(request.getReplaceonchangesList());
  options.setVersion(request.getVersion());
  options.setAliasesList(request.getAliasesList());
  options.setProvider(request.getProvider());
  options.setPluginDownloadUrl(request.getPlugindownloadurl());
  options.setDeletedWith(request.getDeletedwith());
  options.setAdditionalSecretOutputsList(request.getAdditionalsecretoutputsList());
  options.setImport(request.getImportid());
  options.setReplaceWithList(request.getReplaceWithList());
  options.setHideDiffList(request.getHidediffsList());
  options.setHooks(request.getHooks());
  options.setCustomTimeouts(request.getCustomtimeouts());
  options.setReplacementTrigger(request.getReplacementTrigger());
  const protect = request.hasProtect() ? request.getProtect() : undefined;
  if (protect !== undefined) options.setProtect(protect);
  const retain = request.hasRetainondelete() ? request.getRetainondelete() : undefined;
  if (retain !== undefined) options.setRetainOnDelete(retain);
  if (request.getDeletebeforereplacedefined()) options.setDeleteBeforeReplace(request.getDeletebeforereplace());
  const providers = options.getProvidersMap();
  for (const [name, provider] of request.getProvidersMap().entries()) providers.set(name, provider);
  asked.setOptions(options);
  return asked;
}

function apply(response: TransformResponse, request: RegisterResourceRequest): void {
  const properties = response.getProperties();
  if (properties) request.setObject(properties);
  const options = response.getOptions();
  if (options) applyOptions(options, request);
}

function applyOptions(options: TransformResourceOptions, request: RegisterResourceRequest): void {
  request.setDependenciesList(options.getDependsOnList());
  request.setIgnorechangesList(options.getIgnoreChangesList());
  request.setReplaceonchangesList(options.getReplaceOnChangesList());
  request.setVersion(options.getVersion());
  request.setAliasesList(options.getAliasesList());
  request.setProvider(options.getProvider());
  request.setPlugindownloadurl(options.getPluginDownloadUrl());
  request.setDeletedwith(options.getDeletedWith());
  request.setAdditionalsecretoutputsList(options.getAdditionalSecretOutputsList());
  request.setImportid(options.getImport());
  request.setCustomtimeouts(options.getCustomTimeouts());
  const protect = options.getProtect();
  if (options.hasProtect() && protect !== undefined) request.setProtect(protect);
  else request.clearProtect();
  const retain = options.getRetainOnDelete();
  if (options.hasRetainOnDelete() && retain !== undefined) request.setRetainondelete(retain);
  else request.clearRetainondelete();
  const replaceFirst = options.hasDeleteBeforeReplace() ? options.getDeleteBeforeReplace() : undefined;
  request.setDeletebeforereplacedefined(replaceFirst !== undefined);
  request.setDeletebeforereplace(replaceFirst ?? false);
  const providers = options.getProvidersMap();
  if (request.getCustom() || providers.getLength() === 0) return;
  request.clearProvidersMap();
  for (const [name, provider] of providers.entries()) request.getProvidersMap().set(name, provider);
}
