export type * from "./entries.ts";
export { soundPlan } from "./sound.ts";
