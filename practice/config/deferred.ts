import type { Deferred } from "./settings.ts";

/** A Pulumi Output of text, told by its shape: this room does not know Pulumi. */
export interface DeferredText {
  readonly get: () => string;
}

/** True for a Pulumi Output. It is a proxy that answers to every name: nothing but this mark may be read of it. */
export const isDeferred = (value: unknown): value is Deferred =>
  typeof value === "object" && value !== null && (value as Partial<Deferred>).__pulumiOutput === true;
