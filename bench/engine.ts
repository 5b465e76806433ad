import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { startEngine } from "../test/support/engine/engine.ts";
import type { Benchmark } from "./benchmark.ts";
import { rounded, spreadOf } from "./measure/statistics.ts";
import { preview } from "./preview/command.ts";

/** Below it a person might as well wait for the real one. */
const TARGET_RATIO = 5;
const RUNS = 3;
const STACK = "prod";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const engine: Benchmark = {
  name: "engine",
  about: "upkeep preview against Pulumi's own, of the same program with the same policy pack.",
  run: async () => {
    const pulumi = await startEngine({ stack: STACK });
    try {
      // Both warm: neither pays for its caches. In turns: what else the machine does slows both.
      preview(root, "--stack", STACK);
      await pulumi.preview();
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let run = 0; run < RUNS; run += 1) {
        ours.push(preview(root, "--stack", STACK).seconds);
        const started = performance.now();
        const { exitCode, output } = await pulumi.preview();
        theirs.push((performance.now() - started) / 1000);
        if (exitCode !== 0) throw new Error(`Expected Pulumi's preview to succeed, it ended with exit code ${exitCode}:\n${output}`);
      }
      const [seconds, engineSeconds] = [spreadOf(ours).median, spreadOf(theirs).median];
      const ratio = rounded(engineSeconds / seconds);
      console.log(`  upkeep preview --stack ${STACK}   ${seconds.toFixed(2)} s`);
      console.log(`  pulumi preview                ${engineSeconds.toFixed(2)} s, with providers that answer at once`);
      console.log(`  ratio                         ${ratio}, target ${TARGET_RATIO}\n`);
      console.log(ratio >= TARGET_RATIO ? "  The target is met." : "  Missed: the ratio.");
      return { ratio, seconds: rounded(seconds), engineSeconds: rounded(engineSeconds), targetRatio: TARGET_RATIO, met: ratio >= TARGET_RATIO };
    } finally {
      pulumi.stop();
    }
  },
};
