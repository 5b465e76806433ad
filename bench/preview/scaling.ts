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

/** Databases of the two systems that tell what each further one adds. */
const PROBES = [4, 8] as const;

/** Tells how many databases make a system of so many resources. Counted, because every practice that is added changes it. */
export function databasesFor(root: string): (resources: number) => number {
  const [few, more] = PROBES.map((databases) => inSystem(root, databases, (args) => countedResources(root, ...args))) as [number, number];
  const resourcesPerDatabase = (more - few) / (PROBES[1] - PROBES[0]);
  return (resources) => PROBES[0] + Math.round((resources - few) / resourcesPerDatabase);
}

/** What a preview of a system takes; each in a fresh process, after one that counts its resources and fills the cache. */
export function measureScaled(root: string, databases: number, runs: number): ScaledPreview {
  return inSystem(root, databases, (args) => {
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
  });
}

function inSystem<Result>(root: string, databases: number, measured: (args: readonly string[]) => Result): Result {
  const system = syntheticSystem(root, databases);
  try {
    return measured(["--stack", stack, "--cwd", system.folder]);
  } finally {
    system.remove();
  }
}

const growing = ({ read = 0, run = 0, judge = 0, render = 0 }: Phases): number => read + run + judge + render;
