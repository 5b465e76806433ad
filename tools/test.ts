import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parts } from "./parts/all.ts";
import { provision } from "./parts/provision.ts";
import { endCommandsOnSignal, exitCodeOf, run } from "./process/run-command.ts";
import { builtVariable } from "./test/built.ts";
import { isAgain, once, selectionOf } from "./test/once.ts";
import { closingLines, judged, type RunSummary, summaryVariable } from "./test/summary.ts";

/** The whole suite takes minutes; far above that, something hangs and the job should say so. */
const SUITE_LIMIT_SECONDS = 2_100;
const BUILD_LIMIT_SECONDS = 120;
/** Started without npx, which would be one more process between a signal and the suite. */
const VITEST = "node_modules/vitest/vitest.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));

const args = process.argv.slice(2);

endCommandsOnSignal();
// Who asks for a part of the suite wants an answer now: what is missing then is named, not built.
if (args.length === 0) await provisionAll();
if (isAgain(args)) console.log(`left out, because they run on the oldest Node only (docs/decisions/0019): ${once.flatMap(({ files }) => files).length} files`);
const summary = judged(await runSuite(selectionOf(args)), process.env.CI === "true");
for (const line of closingLines(summary)) console.log(line);
process.exitCode = summary.failed === 0 ? 0 : 1;

async function provisionAll(): Promise<void> {
  for (const part of parts) {
    const { problem } = await provision(part, (line) => console.log(line));
    if (problem !== undefined) console.log(`${part.name}: missing: ${part.consequence}. ${problem}`);
  }
}

/** Tests load bundles as the cloud would; yesterday's bundle would prove yesterday's code. Takes a second. */
async function buildBundles(): Promise<void> {
  await run("npm", ["run", "--silent", "build"], { limitSeconds: BUILD_LIMIT_SECONDS });
}

async function runSuite(selection: readonly string[]): Promise<RunSummary> {
  const folder = mkdtempSync(join(tmpdir(), "upkeep-test-"));
  const file = join(folder, "summary.json");
  try {
    await buildBundles();
    const code = await exitCodeOf(process.execPath, [VITEST, "run", ...selection], {
      env: { [summaryVariable]: file, [builtVariable]: root },
      limitSeconds: SUITE_LIMIT_SECONDS,
    });
    if (existsSync(file)) return withExitCode(JSON.parse(readFileSync(file, "utf8")) as RunSummary, code);
    console.error(`Expected a summary from vitest, got none: it ended with exit code ${code} before its first test.`);
  } catch (error) {
    console.error((error as Error).message);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { passed: 0, failed: 1, skipped: 0, failures: [], couldNotRun: [] };
}

/** Vitest also fails for reasons that no test shows, such as a process that cannot be ended. */
function withExitCode(told: RunSummary, code: number): RunSummary {
  if (code === 0 || told.failed > 0) return told;
  console.error(`vitest ended with exit code ${code} although no test failed; this counts as one failure.`);
  return { ...told, failed: 1 };
}
