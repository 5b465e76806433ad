import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
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

/** One task in a process of its own. The seconds are those of the work: starting Node is not what is compared. */
export function timed(task: Task): Timed {
  const { stdout, peakMegabytes } = measure(["--import", "tsx", join(here, "path.ts")], {
    cwd: root, env: { ...process.env, AWS_REGION: "eu-central-1", [taskVariable]: JSON.stringify(task) }, limitMilliseconds: LIMIT_MILLISECONDS,
  });
  return { seconds: (JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as { readonly seconds: number }).seconds, peakMegabytes };
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
