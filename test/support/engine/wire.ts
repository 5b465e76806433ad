import { createRequire } from "node:module";
import type * as pluginMessages from "@pulumi/pulumi/proto/plugin_pb.js";
import type * as providerService from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import type * as providerMessages from "@pulumi/pulumi/proto/provider_pb.js";

/** What the SDK itself loads: two copies of a message class do not recognise each other. */
const inside = createRequire(createRequire(import.meta.url).resolve("@pulumi/pulumi"));

/** One request that a server answers. */
export interface Call<Request> {
  readonly request: Request;
  on(event: "cancelled", listener: () => void): void;
}

export type Reply = (error: { readonly code: number; readonly details: string } | null, response?: unknown) => void;

export interface Server {
  addService(service: object, methods: Readonly<Record<string, (call: Call<never>, reply: Reply) => void>>): void;
  bindAsync(address: string, credentials: unknown, bound: (error: Error | null, port: number) => void): void;
  forceShutdown(): void;
}

/** As much of it as is used here: it is the SDK's dependency, not ours. */
export const grpc = inside("@grpc/grpc-js") as {
  readonly Server: new () => Server;
  readonly ServerCredentials: { createInsecure(): unknown };
  readonly status: { readonly UNKNOWN: number };
};
export const provider = {
  ...inside("./proto/provider_pb.js") as typeof providerMessages,
  ...inside("./proto/provider_grpc_pb.js") as typeof providerService,
};
export const { PluginInfo } = inside("./proto/plugin_pb.js") as typeof pluginMessages;
export const { Empty } = inside("google-protobuf/google/protobuf/empty_pb.js") as { readonly Empty: new () => object };
const { Struct } = inside("google-protobuf/google/protobuf/struct_pb.js") as { readonly Struct: { fromJavaScript(value: object): StructMessage } };

/** The message class as the SDK's own requests carry it: the package that defines it is the SDK's dependency, not ours. */
type StructMessage = NonNullable<ReturnType<providerMessages.CheckRequest["getNews"]>>;

/** Properties as they travel: plain data, in which secrets and assets are marked objects. */
export type Wire = Readonly<Record<string, unknown>>;

export const wireOf = (struct: StructMessage | undefined): Wire => struct?.toJavaScript() ?? {};
export const structOf = (wire: Wire): StructMessage => Struct.fromJavaScript(wire);
