import { nearestOf } from "../practice/config/words/nearest.ts";
import { backup } from "./backup.ts";
import type { Benchmark } from "./benchmark.ts";
import { engine } from "./engine.ts";
import { handlers } from "./handlers.ts";
import { preview } from "./preview.ts";

const benchmarks: readonly Benchmark[] = [preview, engine, handlers, backup];

const [name, ...others] = process.argv.slice(2);
if (name === undefined) list();
else await run(name);

function list(): void {
  console.log("npm run bench -- <name>\n");
  for (const benchmark of benchmarks) console.log(`  ${benchmark.name.padEnd(10)} ${benchmark.about}`);
}

/** The last line is one JSON object. A target that is missed is said in words: only a run that could not measure fails. */
async function run(asked: string): Promise<void> {
  const benchmark = benchmarks.find((candidate) => candidate.name === asked);
  if (benchmark === undefined || others.length > 0) {
    console.error(unknown(others.length > 0 ? [asked, ...others].join(" ") : asked));
    process.exitCode = 2;
    return;
  }
  console.log(`${benchmark.name} on Node ${process.versions.node}: ${benchmark.about}`);
  const figures = await benchmark.run();
  console.log(JSON.stringify({ name: benchmark.name, node: process.versions.node, ...figures }));
}

function unknown(asked: string): string {
  const names = benchmarks.map((benchmark) => benchmark.name);
  const near = nearestOf(asked, names);
  const wayOut = near === undefined ? "Name one of them." : `Run npm run bench -- ${near}.`;
  return `Expected the name of one benchmark (${names.join(", ")}), got "${asked}". ${wayOut}`;
}
