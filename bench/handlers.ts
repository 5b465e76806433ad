import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Benchmark, Figures } from "./benchmark.ts";
import { measure } from "./measure/node-process.ts";
import { rounded, spreadOf } from "./measure/statistics.ts";

/** Milliseconds that Lambda may spend on loading a handler before its first line runs. */
const LIMIT_MILLISECONDS = 150;
const STARTS = 7;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "dist", "handlers");

const importsOne = `const before = performance.now();
  await import(process.argv[1]);
  console.log(performance.now() - before);`;

export const handlers: Benchmark = {
  name: "handlers",
  about: `cold import of each handler's bundle, at most ${LIMIT_MILLISECONDS} ms each.`,
  run: async () => {
    if (!existsSync(folder)) throw new Error("Expected the bundles of the handlers in dist/handlers, got none. Run npm run build.");
    const measured = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => measureHandler(name));
    const over = measured.filter(({ milliseconds }) => milliseconds > LIMIT_MILLISECONDS).map(({ handler }) => handler);
    console.log(over.length === 0 ? "  Each is within its limit." : `  Above the limit: ${over.join(", ")}.`);
    return { limitMilliseconds: LIMIT_MILLISECONDS, met: over.length === 0, handlers: measured };
  },
};

function measureHandler(handler: string): Figures & { readonly handler: string; readonly milliseconds: number } {
  const file = join(folder, handler, "index.mjs");
  const starts = Array.from({ length: STARTS }, () => Number(measure(
    ["--input-type=module", "--eval", importsOne, pathToFileURL(file).href],
    // As little of this machine's environment as Lambda would have.
    { cwd: root, env: { AWS_REGION: "eu-central-1", AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" } },
  ).stdout));
  const { median, min, max } = spreadOf(starts);
  const kilobytes = statSync(file).size / 1000;
  console.log(`  ${handler.padEnd(10)} ${kilobytes.toFixed(0).padStart(5)} kB  ${median.toFixed(0).padStart(4)} ms  (${min.toFixed(0)} to ${max.toFixed(0)} ms in ${STARTS} starts, target ${LIMIT_MILLISECONDS} ms)`);
  return { handler, milliseconds: rounded(median, 0), min: rounded(min, 0), max: rounded(max, 0), kilobytes: rounded(kilobytes, 0) };
}
