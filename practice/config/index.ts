export type { StackArgs } from "./schema/index.ts";
export type { Settings } from "./settings.ts";
export { settingsFromEngine } from "./engine.ts";
export { parseSettings } from "./parse.ts";
export { StackFileError } from "./problems.ts";
export { listStacks, mainKey, readStack, settingsOf, type StackSource } from "./stack-file.ts";
