import type * as messages from "@pulumi/pulumi/proto/provider_pb.js";
import { unknownSentinel } from "../../../preview/engine/wire.ts";
import type { CloudOperations } from "./cloud.ts";
import { check, type Difference, differ, imported, previewed } from "./provider-operations.ts";
import { answer, filled, serve, type Served } from "./serve.ts";
import { Empty, PluginInfo, provider, structOf, type Wire, wireOf } from "./wire.ts";

/** One thing that the engine had done in the cloud, or is about to have. */
export interface Deed {
  readonly kind: "create" | "update" | "delete";
  readonly urn: string;
  readonly when: "before" | "after";
}

export interface ProviderOptions {
  readonly cloud: CloudOperations;
  /** The deed waits for it: a test stops the world here. */
  readonly onDeed: (deed: Deed) => void | Promise<void>;
  /** Default: one that is free. */
  readonly port?: number;
}

/** A provider of one package that the engine attaches to. Its cloud is ours; its types are those of the installed SDK package. */
export function startProvider(name: string, version: string, { cloud, onDeed, port = 0 }: ProviderOptions): Promise<Served> {
  let defaultTags: Wire = {};
  const deed = async <Result>(kind: Deed["kind"], urn: string, work: () => Result | Promise<Result>): Promise<Result> => {
    await onDeed({ kind, urn, when: "before" });
    const result = await work();
    await onDeed({ kind, urn, when: "after" });
    return result;
  };
  return serve(`the provider ${name}`, provider.ResourceProviderService, {
    handshake: answer(() => accepting(new provider.ProviderHandshakeResponse())),
    // An error here would fail the load.
    attach: answer(() => new Empty()),
    cancel: answer(() => new Empty()),
    getPluginInfo: answer(() => filled(new PluginInfo(), (info) => info.setVersion(version))),
    checkConfig: answer((asked: messages.CheckRequest) => filled(new provider.CheckResponse(), (response) => response.setInputs(asked.getNews()))),
    diffConfig: answer((asked: messages.DiffRequest) => different({ ...difference(asked), replaces: [] })),
    configure: answer((asked: messages.ConfigureRequest) => {
      defaultTags = tagsIn(wireOf(asked.getArgs()));
      return configured();
    }),
    check: answer((asked: messages.CheckRequest) => {
      const checked = check(typeOf(asked), labelOf(asked), wireOf(asked.getNews()), wireOf(asked.getOlds()), asked.getRandomseed_asU8(), defaultTags);
      return filled(new provider.CheckResponse(), (response) => {
        response.setInputs(structOf(checked.inputs));
        response.setFailuresList(checked.failures.map(({ property, reason }) => filled(new provider.CheckFailure(), (failure) => {
          failure.setProperty(property);
          failure.setReason(reason);
        })));
      });
    }),
    diff: answer((asked: messages.DiffRequest) => different(difference(asked))),
    create: answer(async (asked: messages.CreateRequest) => {
      const [type, inputs, response] = [typeOf(asked), wireOf(asked.getProperties()), new provider.CreateResponse()];
      if (asked.getPreview()) return filled(response, () => response.setProperties(structOf(previewed(type, inputs, unknownSentinel))));
      const made = await deed("create", asked.getUrn(), () => cloud.create(type, labelOf(asked), inputs));
      return filled(response, () => {
        response.setId(made.id);
        response.setProperties(structOf(made.properties));
      });
    }),
    read: answer(async (asked: messages.ReadRequest) => {
      const found = await imported(cloud, typeOf(asked), asked.getId(), wireOf(asked.getProperties()));
      return filled(new provider.ReadResponse(), (response) => {
        // Nothing of that id: the answer stays empty, which says so.
        if (!found) return;
        response.setId(asked.getId());
        response.setProperties(structOf(found.state));
        response.setInputs(structOf(found.inputs));
      });
    }),
    update: answer(async (asked: messages.UpdateRequest) => {
      const inputs = wireOf(asked.getNews());
      const properties = asked.getPreview()
        ? { ...wireOf(asked.getOlds()), ...inputs }
        : (await deed("update", asked.getUrn(), () => cloud.update(typeOf(asked), asked.getId(), inputs))).properties;
      return filled(new provider.UpdateResponse(), (response) => response.setProperties(structOf(properties)));
    }),
    delete: answer(async (asked: messages.DeleteRequest) => {
      await deed("delete", asked.getUrn(), () => cloud.delete(typeOf(asked), asked.getId(), wireOf(asked.getProperties())));
      return new Empty();
    }),
  }, port);
}

interface Named {
  getUrn(): string;
}

const typeOf = (asked: Named): string => (asked.getUrn().split("::")[2] ?? "").split("$").at(-1) ?? "";
const labelOf = (asked: Named): string => asked.getUrn().split("::").slice(3).join("::");

const difference = (asked: messages.DiffRequest): Difference => differ(wireOf(asked.getOldInputs()), wireOf(asked.getNews()), asked.getIgnorechangesList());

function different({ changed, replaces }: Difference): messages.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = provider.DiffResponse.DiffChanges;
  return filled(new provider.DiffResponse(), (response) => {
    response.setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList([...changed]);
    response.setReplacesList([...replaces]);
  });
}

/** Secrets come marked, so that they stay secret; everything else comes as plain data. */
function accepting(response: messages.ProviderHandshakeResponse): messages.ProviderHandshakeResponse {
  return filled(response, () => response.setAcceptSecrets(true));
}

/** Without `supportspreview` the engine would take inputs for outputs in a preview, and nothing would be unknown. */
function configured(): messages.ConfigureResponse {
  return filled(new provider.ConfigureResponse(), (response) => {
    response.setAcceptsecrets(true);
    response.setSupportspreview(true);
  });
}

function tagsIn({ defaultTags }: Wire): Wire {
  const settings = (typeof defaultTags === "string" ? JSON.parse(defaultTags) : defaultTags) as { readonly tags?: Wire } | undefined;
  return settings?.tags ?? {};
}
