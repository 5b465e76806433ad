import { rounded, spreadOf } from "../measure/statistics.ts";
import { countedResources, medianPhases, type Phases, preview } from "./command.ts";
import { stack, syntheticSystem } from "./synthetic-system.ts";

export interface ScaledPreview {
  readonly resources: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Without the start of the process and of the SDK: shared by thousands they would hide what grows. */
  readonly millisecondsPerResource: number;
  readonly peakMegabytes: number;
  readonly phases: Phases;
}

/** What a preview of so many resources takes; each in a fresh process, after one that counts them and fills the cache. */
export function measureScaled(root: string, resources: number, runs: number): ScaledPreview {
  const system = syntheticSystem(root, resources);
  try {
    const args = ["--stack", stack, "--cwd", system.folder];
    const counted = countedResources(root, ...args);
    const measured = Array.from({ length: runs }, () => preview(root, ...args));
    return {
      resources: counted,
      seconds: rounded(spreadOf(measured.map((run) => run.seconds)).median),
      cpuSeconds: rounded(spreadOf(measured.map((run) => run.cpuSeconds)).median),
      millisecondsPerResource: rounded(spreadOf(measured.map(({ phases }) => growing(phases))).median / counted, 3),
      peakMegabytes: rounded(spreadOf(measured.map((run) => run.peakMegabytes)).max, 0),
      phases: medianPhases(measured),
    };
  } finally {
    system.remove();
  }
}

const growing = ({ read = 0, run = 0, judge = 0, render = 0 }: Phases): number => read + run + judge + render;
