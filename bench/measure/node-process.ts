import { spawnSync } from "node:child_process";

export interface Measured {
  /** From the start of the process to its end, as a person waits for it. */
  readonly seconds: number;
  /** Time on a processor, all threads together: hardly changes with what else the machine does. */
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a process used is known only inside it: it tells on its fourth stream when it ends. */
const tellsItsUsage = "data:text/javascript,import{writeSync}from'node:fs';"
  + "process.on('exit',()=>writeSync(3,JSON.stringify(process.resourceUsage())))";

/** A preview of 5,000 resources takes a few seconds; far above that, something hangs. */
const LIMIT_MILLISECONDS = 120_000;

/** Runs a Node program in a process of its own, and measures it as a whole. Throws when it does not end with 0. */
export function measure(args: readonly string[], options: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv; readonly limitMilliseconds?: number }): Measured {
  const started = performance.now();
  const { error, status, signal, stdout, stderr, output } = spawnSync(process.execPath, ["--import", tellsItsUsage, ...args], {
    cwd: options.cwd, ...(options.env === undefined ? {} : { env: options.env }),
    stdio: ["ignore", "pipe", "pipe", "pipe"], encoding: "utf8", timeout: options.limitMilliseconds ?? LIMIT_MILLISECONDS, maxBuffer: 256 * 1024 * 1024,
  });
  const seconds = (performance.now() - started) / 1000;
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`Expected node ${args.join(" ")} to end with 0, got ${status ?? signal}:\n${stderr}${stdout.slice(0, 2_000)}`);
  const usage = JSON.parse(output[3] ?? "") as NodeJS.ResourceUsage;
  return {
    seconds,
    cpuSeconds: (usage.userCPUTime + usage.systemCPUTime) / 1_000_000,
    peakMegabytes: usage.maxRSS / 1024,
    stdout,
    stderr,
  };
}
