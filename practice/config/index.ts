export type { StackArgs } from "./schema/index.ts";
export type { Settings } from "./settings.ts";
export { settingsFromEngine, type EngineOptions } from "./engine.ts";
export { parseSettings, type ParseOptions } from "./parse.ts";
export { StackFileError, type Locate, type Place, type Problem } from "./problems.ts";
export { listStacks, readStack, settingsOf, type Project, type StackSource } from "./stack-file.ts";
