import { writeFileSync } from "node:fs";
import type { SerializedError } from "vitest";
import type { Reporter, TestCollection, TestModule } from "vitest/node";
import { type RunSummary, summaryVariable } from "../../tools/test/summary.ts";

/** Writes what `npm test` says in its last lines. Does nothing when vitest is run by hand. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const file = process.env[summaryVariable];
    if (file !== undefined) writeFileSync(file, JSON.stringify(summarise(modules, unhandledErrors)));
  }
}

function summarise(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): RunSummary {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
  return {
    passed: count("passed"),
    failed: count("failed") + modules.map(brokenSuites).reduce((sum, broken) => sum + broken, 0) + unhandledErrors.length,
    // A test that never got a result did not run, whatever the cause.
    skipped: count("skipped") + count("pending"),
    couldNotRun: modules.flatMap((module) => couldNotRun(module.children)),
  };
}

/** Files that do not load and suites whose hooks throw fail without a failing test. */
function brokenSuites(module: TestModule): number {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return suites.length + (module.errors().length > 0 ? 1 : 0);
}

function couldNotRun(children: TestCollection): RunSummary["couldNotRun"] {
  return [...children.allSuites()].flatMap((suite) => {
    const { couldNotRun: reason } = suite.meta();
    return reason === undefined ? [] : [{ suite: suite.fullName, reason }];
  });
}
