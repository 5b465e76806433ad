import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { bundleSettings } from "../../tools/build/handlers.ts";
import { measure } from "../measure/node-process.ts";
import { type Task, taskVariable } from "./task.ts";

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));

/** Eight GiB with hashes take a few minutes on a slow disk. */
const LIMIT_MILLISECONDS = 20 * 60_000;

export interface Timed {
  readonly seconds: number;
  readonly peakMegabytes: number;
}

/** Runs one task in a process of its own. */
export type Timer = (task: Task) => Timed;

/** What is measured is bundled as functions are: a loader of TypeScript would be a part of its time and of its memory. */
export async function withTimer<Result>(work: (timed: Timer) => Promise<Result>): Promise<Result> {
  return inFolder(async (folder) => {
    const outfile = join(folder, "path.mjs");
    await build({ ...bundleSettings(() => undefined), absWorkingDir: root, entryPoints: [join(here, "path.ts")], outfile, write: true });
    return work((task) => {
      const { stdout, peakMegabytes } = measure([outfile], {
        cwd: root, env: { ...process.env, AWS_REGION: "eu-central-1", [taskVariable]: JSON.stringify(task) }, limitMilliseconds: LIMIT_MILLISECONDS,
      });
      // Starting Node is not what is compared: the process tells how long its work took.
      return { seconds: (JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { readonly seconds: number }).seconds, peakMegabytes };
    });
  });
}

/** The shortest of some runs, and the highest peak: what a machine does besides only ever makes a run longer. */
export function best(runs: readonly Timed[]): Timed {
  return { seconds: Math.min(...runs.map(({ seconds }) => seconds)), peakMegabytes: Math.max(...runs.map(({ peakMegabytes }) => peakMegabytes)) };
}

/** A folder for a store or a file; gone afterwards, because a benchmark of gigabytes leaves gigabytes. */
export async function inFolder<Result>(work: (folder: string) => Result | Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-bench-"));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
