import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/**
 * The room that only computes: its tests start no servers, replace no module and set no variable, so that many files can
 * have one process. Not so where Pulumi's SDK is at work: it keeps in a process what it was last told, and what a file sees
 * would depend on which one ran before.
 */
const COMPUTING = "practice";

export default defineConfig({
  test: {
    // Included, nothing excluded: what `--exclude` names on the command line is left out of both.
    projects: [
      { extends: true, test: { name: "computing", include: [`test/${COMPUTING}/**/*.test.ts`], isolate: false } },
      { extends: true, test: { name: "acting", include: ["test/*.test.ts", `test/!(${COMPUTING})/**/*.test.ts`] } },
    ],
    setupFiles: ["./test/support/no-secret-in-output.ts"],
    // A server's guard must see its process end.
    pool: "forks",
    // Tests wait for servers more than they compute: one processor is not kept free, or a machine of two would run one file at a time.
    maxWorkers: availableParallelism(),
    // Several servers start at once on a busy machine of two cores.
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // What is waited for comes within milliseconds, and on a busy machine within seconds.
    expect: { poll: { timeout: 10_000 } },
    teardownTimeout: 15_000,
    // The dated decision on Node 20 is ours to keep; each file would print the notice again.
    env: { AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: "true" },
    reporters: ["default", "./test/support/reporter.ts"],
  },
});
