import Module from "node:module";

/**
 * What the Pulumi SDK needs only to serialize a closure (dynamic providers, `CallbackFunction`).
 * It loads them at start, which costs 0.3 s of 0.5 s.
 */
const heavy: ReadonlySet<string> = new Set(["@npmcli/arborist", "typescript"]);

type Load = (this: unknown, request: string, parent: { readonly filename?: string | null } | undefined, isMain: boolean) => unknown;
const loader = Module as unknown as { _load: Load };

const insideSdk = /[\\/]@pulumi[\\/]pulumi[\\/]/;

/**
 * Runs `load` while the SDK's heavy requirements come as stand-ins that load themselves when first used.
 * Has an effect only on the first load of the SDK in the process.
 */
export function withLazySdk<Loaded>(load: () => Loaded): Loaded {
  const original = loader._load;
  loader._load = function (request, parent, isMain) {
    if (heavy.has(request) && insideSdk.test(parent?.filename ?? "")) {
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
  let loaded: Record<PropertyKey, unknown> | undefined;
  const real = (): Record<PropertyKey, unknown> => (loaded ??= load() as Record<PropertyKey, unknown>);
  return new Proxy({}, {
    // Claiming to be an ES module keeps the SDK's import shim from copying, and so loading, every export.
    get: (_, key) => (key === "__esModule" ? true : key === "default" ? real() : real()[key]),
    has: (_, key) => key in real(),
  });
}
