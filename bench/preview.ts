import { availableParallelism, loadavg } from "node:os";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type { Benchmark } from "./benchmark.ts";
import { rounded } from "./measure/statistics.ts";
import type { Phases } from "./preview/command.ts";
import { databasesFor, measureScaled, type ScaledPreview } from "./preview/scaling.ts";
import { measureWhole } from "./preview/whole.ts";

/** A person who waits longer looks at something else. */
const TARGET_SECONDS = 1.5;
/** Time per resource at 5,000 over that at 1,000: above it something grows faster than the system. */
const TARGET_RATIO = 1.3;

const root = dirname(dirname(fileURLToPath(import.meta.url)));

export const preview: Benchmark = {
  name: "preview",
  about: "upkeep preview as a whole process, and how its time grows with the system.",
  run: async () => {
    const [load, cores] = [loadavg()[0] ?? 0, availableParallelism()];
    console.log(`  ${cores} cores, load ${load.toFixed(1)} at the start. Medians; CPU time is all threads together, and tells what a busy machine hides.\n`);
    const whole = measureWhole(root);
    const { seconds, cpuSeconds, npxSeconds, phases } = whole;
    console.log(`  upkeep preview --stack prod   ${inSeconds(seconds.median)} (${inSeconds(seconds.min)} to ${inSeconds(seconds.max)}; CPU ${inSeconds(cpuSeconds.median)}), target ${inSeconds(TARGET_SECONDS)}`);
    console.log(`  npx adds                      ${inSeconds(npxSeconds)}`);
    console.log(`  ${shares(phases)}\n`);

    const databases = databasesFor(root);
    const small = told(measureScaled(root, databases(1_000), 3));
    const large = told(measureScaled(root, databases(5_000), 3));
    const ratio = rounded(large.millisecondsPerResource / small.millisecondsPerResource);
    const cpuRatio = rounded(cpuOfEachFurther(small, large) / cpuOfEachFurther({ ...whole, cpuSeconds: cpuSeconds.median }, small));
    console.log(`  time per resource grows       ${ratio} times, CPU of each further resource ${cpuRatio} times; target ${TARGET_RATIO}`);

    const met = { seconds: seconds.median < TARGET_SECONDS, ratio: ratio <= TARGET_RATIO };
    console.log(`\n  ${verdictOf(met)}${met.seconds || load <= cores ? "" : " More ran on this machine than it has cores: measure again when it is idle."}`);
    return {
      seconds: rounded(seconds.median), secondsMin: rounded(seconds.min), secondsMax: rounded(seconds.max), cpuSeconds: rounded(cpuSeconds.median),
      loadAtStart: rounded(load, 1), npxSeconds, phases, ratio, cpuRatio, peakMegabytes: large.peakMegabytes,
      targetSeconds: TARGET_SECONDS, targetRatio: TARGET_RATIO, met: met.seconds && met.ratio, sizes: [small, large],
    };
  },
};

/** What one more resource costs between two sizes: nothing that is paid once is in it. */
const cpuOfEachFurther = (from: Pick<ScaledPreview, "cpuSeconds" | "resources">, to: ScaledPreview): number =>
  (to.cpuSeconds - from.cpuSeconds) / (to.resources - from.resources);

const inSeconds = (seconds: number): string => `${seconds.toFixed(2)} s`;

const shares = (phases: Phases): string => Object.entries(phases).map(([phase, milliseconds]) => `${phase} ${milliseconds} ms`).join(", ");

function told(scaled: ScaledPreview): ScaledPreview {
  const { resources, seconds, cpuSeconds, millisecondsPerResource, peakMegabytes, phases } = scaled;
  console.log(`  ${String(resources).padStart(5)} resources               ${inSeconds(seconds)} (CPU ${inSeconds(cpuSeconds)}), ${millisecondsPerResource.toFixed(2)} ms each, peak ${peakMegabytes} MB`);
  console.log(`  ${shares(phases)}`);
  return scaled;
}

function verdictOf(met: { readonly seconds: boolean; readonly ratio: boolean }): string {
  const missed = [
    ...(met.seconds ? [] : ["the time of a preview"]),
    ...(met.ratio ? [] : ["the growth of the time per resource"]),
  ];
  return missed.length === 0 ? "Both targets are met." : `Missed: ${missed.join(" and ")}.`;
}
