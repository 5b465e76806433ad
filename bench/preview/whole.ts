import { spawnSync } from "node:child_process";
import { rounded, type Spread, spreadOf } from "../measure/statistics.ts";
import { countedResources, medianPhases, type Phases, preview } from "./command.ts";

export interface WholePreview {
  readonly resources: number;
  readonly seconds: Spread;
  readonly cpuSeconds: Spread;
  readonly npxSeconds: number;
  readonly phases: Phases;
}

const STACK = ["--stack", "prod"] as const;
const RUNS = 7;
const NPX_RUNS = 5;
const NPX_LIMIT_MILLISECONDS = 60_000;

/** `upkeep preview --stack prod`, again and again, after one run that fills the caches. */
export function measureWhole(root: string): WholePreview {
  const resources = countedResources(root, ...STACK);
  const runs = Array.from({ length: RUNS }, () => preview(root, ...STACK));
  const npx = Array.from({ length: NPX_RUNS }, () => secondsWithNpx(root));
  const seconds = spreadOf(runs.map((run) => run.seconds));
  return {
    resources,
    seconds,
    cpuSeconds: spreadOf(runs.map((run) => run.cpuSeconds)),
    npxSeconds: rounded(spreadOf(npx).median - seconds.median),
    phases: medianPhases(runs),
  };
}

function secondsWithNpx(root: string): number {
  const started = performance.now();
  const { error, status, stderr } = spawnSync("npx", ["upkeep", "preview", ...STACK], { cwd: root, encoding: "utf8", timeout: NPX_LIMIT_MILLISECONDS });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`Expected npx upkeep preview to end with 0, got ${status}:\n${stderr}`);
  return (performance.now() - started) / 1000;
}
