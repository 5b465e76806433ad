export type * from "./entries.ts";
export { makePlan } from "./plan.ts";
export { PracticeError, soundPlan } from "./sound.ts";
