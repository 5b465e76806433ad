import Module from "node:module";

/**
 * What the Pulumi SDK needs only to serialize a closure (dynamic providers, `CallbackFunction`), and to speak with an engine
 * in another process. It loads them at start, which costs more than all the rest of it.
 */
const heavyPackages: ReadonlySet<string> = new Set([
  "@npmcli/arborist", "typescript", "normalize-package-data", "upath", "fdir",
  "@grpc/grpc-js", "@opentelemetry/api",
]);

/** The classes of its gRPC clients and servers: `../proto/resource_grpc_pb`. */
const client = /_grpc_pb(\.js)?$/;

/** What its entry offers to programs that start deployments or serve components themselves. */
const heavyParts: ReadonlySet<string> = new Set(["./automation", "./provider"]);

type Load = (this: unknown, request: string, parent: { readonly filename?: string | null } | undefined, isMain: boolean) => unknown;
const loader = Module as unknown as { _load: Load };

const insideSdk = /[\\/]@pulumi[\\/](pulumi|policy)[\\/]/;
const entryOfSdk = /[\\/]@pulumi[\\/]pulumi[\\/]index\.js$/;

/**
 * Runs `load` while the SDK's heavy requirements come as stand-ins that load themselves when first used.
 * Has an effect only on the first load of the SDK in the process.
 */
export function withLazySdk<Loaded>(load: () => Loaded): Loaded {
  const original = loader._load;
  loader._load = function (request, parent, isMain) {
    const asking = parent?.filename ?? "";
    if (((heavyPackages.has(request) || client.test(request)) && insideSdk.test(asking)) || (heavyParts.has(request) && entryOfSdk.test(asking))) {
      return standIn(() => original.call(this, request, parent, isMain));
    }
    return original.call(this, request, parent, isMain);
  };
  try {
    return load();
  } finally {
    loader._load = original;
  }
}

function standIn(load: () => unknown): object {
  let loaded: object | undefined;
  const real = (): object => (loaded ??= load() as object);
  // A function, since some of these modules are called.
  return new Proxy(() => {}, {
    // Claiming to be an ES module keeps the SDK's import shim from copying, and so loading, every export.
    get: (_, key) => (key === "__esModule" ? true : key === "default" ? real() : Reflect.get(real(), key) as unknown),
    has: (_, key) => key in real(),
    ownKeys: () => Reflect.ownKeys(real()),
    getOwnPropertyDescriptor: (_, key) => ({ value: Reflect.get(real(), key) as unknown, enumerable: true, configurable: true, writable: true }),
    apply: (_, self, args) => Reflect.apply(real() as () => unknown, self, args) as unknown,
  });
}
