import { fileURLToPath } from "node:url";

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** A stack that asks for all that the practice can do: whatever a suite says of it, it says of everything. */
const everything = { source: folder("fixtures/everything"), stack: "test" } as const;

/** The stacks that run through Pulumi itself. */
export const comparedStacks = [
  { source: folder("../.."), stack: "prod" }, { source: folder("../.."), stack: "staging" }, everything,
] as const;
