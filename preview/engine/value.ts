import { signature, unknownSentinel } from "./wire.ts";

/** A property value as a program gave it. Markers stand for what is not plain data; as JSON they say what they are. */
export type Value =
  | null | boolean | number | string
  | readonly Value[] | ValueMap
  | Secret | Unknown | Asset | ResourceReference;

export interface ValueMap {
  readonly [key: string]: Value;
}

/** A value that must not be shown. It shows itself as `[secret]`, in JSON and in the console. */
export class Secret {
  readonly #value: Value;

  constructor(value: Value) {
    this.#value = value;
  }

  /** The value itself: for rules that judge it, never for output. */
  reveal(): Value {
    return this.#value;
  }

  toJSON(): string {
    return "[secret]";
  }
}

/** A value that only the cloud can give. */
export class Unknown {
  toJSON(): string {
    return "[unknown]";
  }
}

export const unknown: Unknown = new Unknown();

export type AssetSource =
  | { readonly path: string }
  | { readonly uri: string }
  | { readonly text: string }
  | { readonly assets: Readonly<Record<string, Value>> };

/** A file, or an archive of files, that is uploaded with a resource. */
export class Asset {
  readonly kind: "asset" | "archive";
  readonly source: AssetSource;

  constructor(kind: "asset" | "archive", source: AssetSource) {
    this.kind = kind;
    this.source = source;
  }

  toJSON(): { readonly asset: unknown } {
    if ("path" in this.source) return { asset: this.source.path };
    if ("uri" in this.source) return { asset: this.source.uri };
    if ("text" in this.source) return { asset: { text: this.source.text } };
    return { asset: this.source.assets };
  }
}

/** A whole resource given as a property. */
export class ResourceReference {
  readonly urn: string;

  constructor(urn: string) {
    this.urn = urn;
  }

  toJSON(): { readonly resource: string } {
    return { resource: this.urn };
  }
}

/** Reads a value off the engine's wire format. */
function decode(wire: unknown): Value {
  if (wire === unknownSentinel) return unknown;
  if (wire === null || wire === undefined) return null;
  if (typeof wire === "boolean" || typeof wire === "number" || typeof wire === "string") return wire;
  if (Array.isArray(wire)) return wire.map(decode);
  const object = wire as Readonly<Record<string, unknown>>;
  return signature.key in object ? decodeMarked(object) : decodeMap(object);
}

export function decodeMap(wire: Readonly<Record<string, unknown>>): Record<string, Value> {
  const decoded: Record<string, Value> = {};
  for (const [key, value] of Object.entries(wire)) decoded[key] = decode(value);
  return decoded;
}

function decodeMarked(wire: Readonly<Record<string, unknown>>): Value {
  const mark = wire[signature.key];
  switch (mark) {
    case signature.secret:
      return secretOf(decode(wire.value));
    case signature.asset:
      return new Asset("asset", assetSource(wire));
    case signature.archive:
      return new Asset("archive", assetSource(wire));
    case signature.resource:
      return new ResourceReference(String(wire.urn));
    case signature.output: {
      const value = "value" in wire ? decode(wire.value) : unknown;
      return wire.secret === true ? secretOf(value) : value;
    }
    default:
      throw new Error(`Expected a secret, an asset, an archive, a resource or an output on the wire, got the mark ${JSON.stringify(mark)}. This Pulumi SDK is newer than the preview knows.`);
  }
}

/** SDKs before 3.261 send a secret that is unknown as unknown only. So that a stack reads the same under each, all do here. */
function secretOf(value: Value): Value {
  return value === unknown ? unknown : new Secret(value);
}

function assetSource(wire: Readonly<Record<string, unknown>>): AssetSource {
  if (typeof wire.path === "string") return { path: wire.path };
  if (typeof wire.uri === "string") return { uri: wire.uri };
  if (typeof wire.text === "string") return { text: wire.text };
  return { assets: decodeMap((wire.assets ?? {}) as Record<string, unknown>) };
}
