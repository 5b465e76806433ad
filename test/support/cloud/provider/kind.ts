import type { Unwrap } from "@pulumi/pulumi";
import { signature } from "../../../../preview/engine/wire.ts";
import type { Wire } from "../../engine/wire.ts";

/** What came into being, as AWS's provider would tell it. */
export interface Made {
  readonly id: string;
  /** What only the cloud knows, as far as the program reads it. */
  readonly outputs: Wire;
}

/** One resource type, performed on the emulator. */
export interface Kind<Inputs> {
  readonly create: (inputs: Inputs) => Promise<Made>;
  /** Absent: no test changes such a thing. */
  readonly update?: (id: string, inputs: Inputs) => Promise<Made>;
  /** Asks for the thing; whatever says that it is not there is one of `absent`. */
  readonly read: (id: string, properties: Inputs) => Promise<unknown>;
  readonly delete: (id: string, properties: Inputs) => Promise<unknown>;
  /** Names of the errors by which the emulator says that there is none. */
  readonly absent: readonly string[];
}

export type AnyKind = Kind<never>;

/** The type's own arguments, with every promise of a value replaced by the value. */
export const kind = <Args>(operations: Kind<Unwrap<Args>>): AnyKind => operations;

/** What is behind the marks of secrets: a cloud is told the values. */
export function unmarked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unmarked);
  if (value === null || typeof value !== "object") return value;
  const object = value as Wire;
  if (object[signature.key] === signature.secret) return unmarked(object.value);
  return Object.fromEntries(Object.entries(object).map(([key, part]) => [key, unmarked(part)]));
}

/** The provider takes a document as text or as an object; AWS takes text. */
export const documentText = (document: unknown): string => (typeof document === "string" ? document : JSON.stringify(document));

/** Tags, as most services take them. */
export const tagList = (tags: Readonly<Record<string, string>> = {}): { Key: string; Value: string }[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** A value that the emulator must give. */
export function given<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`Expected the emulator to give ${what}, it gave none.`);
  return value;
}

/** An input that the provider requires or fills in. */
export function present<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`Expected the engine to give ${what}, it gave none.`);
  return value;
}
