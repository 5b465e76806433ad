import { join } from "node:path";
import { type Measured, measure } from "../measure/node-process.ts";
import { rounded, spreadOf } from "../measure/statistics.ts";

/** The parts of a preview in their order, as `--debug` tells them, in milliseconds. */
export type Phases = Readonly<Record<string, number>>;

export interface PreviewRun extends Measured {
  readonly phases: Phases;
}

/** One preview as a whole process, the way a person starts it but for npx. */
export function preview(root: string, ...args: readonly string[]): PreviewRun {
  const run = measure([join(root, "cli", "bin", "upkeep.js"), "preview", "--debug", ...args], { cwd: root });
  return { ...run, phases: phasesIn(run.stderr) };
}

/** How many resources a preview shows. The run also fills the cache, so it goes before those that are measured. */
export function countedResources(root: string, ...args: readonly string[]): number {
  const { resources } = JSON.parse(preview(root, ...args, "--json").stdout) as { readonly resources: readonly unknown[] };
  return resources.length;
}

function phasesIn(stderr: string): Phases {
  const line = stderr.split("\n").find((candidate) => /^start \d+ ms, /.test(candidate));
  if (line === undefined) throw new Error(`Expected upkeep preview --debug to tell where the time went, got:\n${stderr}`);
  return Object.fromEntries([...line.matchAll(/(\w+) (\d+) ms/g)].map(([, phase = "", milliseconds]) => [phase, Number(milliseconds)]));
}

/** The median of each phase by itself. */
export function medianPhases(runs: readonly PreviewRun[]): Phases {
  const names = Object.keys(runs[0]?.phases ?? {});
  return Object.fromEntries(names.map((name) => [name, rounded(spreadOf(runs.map(({ phases }) => phases[name] ?? 0)).median, 0)]));
}
