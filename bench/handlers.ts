import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Milliseconds that Lambda may spend on loading a handler before its first line runs. */
const LIMIT_MILLISECONDS = 150;

/** The fastest of seven counts: the others also measure what else the machine does. */
const STARTS = 7;

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const folder = join(root, "dist", "handlers");
if (!existsSync(folder)) throw new Error("Expected the bundles of the handlers in dist/handlers, got none. Run npm run build.");

const measureImport = `const before = performance.now();
  await import(process.argv[1]);
  console.log(performance.now() - before);`;

const handlers = readdirSync(folder).map((name) => {
  const file = join(folder, name, "index.mjs");
  const starts = Array.from({ length: STARTS }, () => Number(execFileSync(process.execPath, [
    "--input-type=module", "--eval", measureImport, pathToFileURL(file).href,
  ], { encoding: "utf8", env: { AWS_REGION: "eu-central-1", AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" }, timeout: 30_000 })));
  const fastest = Math.min(...starts);
  return { name, bytes: statSync(file).size, importMilliseconds: Math.round(fastest), withinLimit: fastest < LIMIT_MILLISECONDS };
});

for (const { name, bytes, importMilliseconds } of handlers) {
  console.log(`${name.padEnd(12)} ${(bytes / 1000).toFixed(0).padStart(5)} kB  ${String(importMilliseconds).padStart(4)} ms to import (limit ${LIMIT_MILLISECONDS} ms)`);
}
console.log(JSON.stringify({ bench: "handlers", node: process.version, limitMilliseconds: LIMIT_MILLISECONDS, handlers }));
