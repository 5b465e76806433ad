import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { type RunSummary, summaryVariable } from "../../tools/test/summary.ts";

it("where there is neither pulumi nor Go, an engine suite is named once with its reason, and the rest passes", () => {
  const nothing = mkdtempSync(join(tmpdir(), "upkeep-no-go-"));
  try {
    const file = join(nothing, "summary.json");
    const { status, stderr } = spawnSync(process.execPath, ["node_modules/vitest/vitest.mjs", "run", "test/engine/stack-life/staging.test.ts", "test/tools/summary.test.ts"], {
      cwd: fileURLToPath(new URL("../..", import.meta.url)), encoding: "utf8", timeout: 60_000,
      env: { PATH: nothing, HOME: nothing, TMPDIR: nothing, UPKEEP_PARTS: nothing, [summaryVariable]: file },
    });
    expect(status, stderr).toBe(0);
    const { passed, failed, skipped, couldNotRun } = JSON.parse(readFileSync(file, "utf8")) as RunSummary;
    expect({ passed: passed > 0, failed, skipped: skipped > 0 }).toEqual({ passed: true, failed: 0, skipped: true });
    // Once, however many suites stand inside it.
    expect(couldNotRun).toEqual([{
      suite: "the life of the stack staging under Pulumi, judged by the pack",
      reason: "part engine is missing, it was not built yet: `npm run parts` builds it, given Go 1.24 or newer, or Python 3.10 or newer with its venv module",
    }]);
  } finally {
    rmSync(nothing, { recursive: true, force: true });
  }
}, 60_000);
