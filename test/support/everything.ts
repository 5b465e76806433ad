import { fileURLToPath } from "node:url";
import { readStack, settingsOf } from "../../practice/config/index.ts";
import type { Settings } from "../../practice/config/settings.ts";

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A stack that asks for all that the practice can do: whatever a suite says of it, it says of everything. */
export const everything = { source: folder("fixtures/everything"), stack: "test" } as const;

/** The stacks that run through Pulumi itself. */
export const comparedStacks = [
  { source: folder("../.."), stack: "prod" }, { source: folder("../.."), stack: "staging" }, everything,
] as const;

export const everySetting = (): Settings => settingsOf(readStack(everything.source, everything.stack));
