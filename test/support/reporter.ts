import { writeFileSync } from "node:fs";
import type { SerializedError } from "vitest";
import type { Reporter, TestCollection, TestModule } from "vitest/node";
import { type RunSummary, summaryVariable } from "../../tools/test/summary.ts";
import { faultTable } from "./fault-table.ts";

/** Prints what faults did, and writes what `npm test` says in its last lines, which it does not when vitest is run by hand. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    for (const line of faultLines(modules)) console.log(line);
    const file = process.env[summaryVariable];
    if (file !== undefined) writeFileSync(file, JSON.stringify(summarise(modules, unhandledErrors)));
  }
}

/** Of a test that failed, nothing is told: what it says has not been seen. */
function faultLines(modules: readonly TestModule[]): readonly string[] {
  // Files end in any order; a table is compared with that of another run.
  const inOrder = modules.toSorted((one, other) => (one.moduleId < other.moduleId ? -1 : 1));
  const metas = inOrder.flatMap((module) => [...module.children.allTests("passed")]).map((test) => test.meta());
  return faultTable(metas.flatMap(({ faults }) => faults ?? []), metas.flatMap(({ notSeen }) => notSeen ?? []));
}

function summarise(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): RunSummary {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const count = (state: string): number => tests.filter((test) => test.result().state === state).length;
  return {
    passed: count("passed"),
    failed: count("failed") + modules.map(brokenSuites).reduce((sum, broken) => sum + broken, 0) + unhandledErrors.length,
    // A test that never got a result did not run, whatever the cause.
    skipped: count("skipped") + count("pending"),
    failures: [...modules.flatMap(failuresOf), ...unhandledErrors.map((error) => ({ where: "outside any test", said: firstLine(error) }))],
    couldNotRun: modules.flatMap((module) => couldNotRun(module.children)),
  };
}

function failuresOf(module: TestModule): RunSummary["failures"] {
  const { relativeModuleId } = module;
  const broken = [...module.errors(), ...[...module.children.allSuites()].flatMap((suite) => suite.errors())]
    .map((error) => ({ where: relativeModuleId, said: firstLine(error) }));
  const failed = [...module.children.allTests("failed")]
    .map((test) => ({ where: `${relativeModuleId} > ${test.fullName}`, said: firstLine(test.result().errors?.[0]) }));
  return [...broken, ...failed];
}

const firstLine = (error: Pick<SerializedError, "message"> | undefined): string => (error?.message ?? "").split("\n", 1)[0] ?? "";

/** Files that do not load and suites whose hooks throw fail without a failing test. */
function brokenSuites(module: TestModule): number {
  const suites = [...module.children.allSuites()].filter((suite) => suite.errors().length > 0);
  return suites.length + (module.errors().length > 0 ? 1 : 0);
}

/** A suite inside another that could not run has the same reason, and is no failure of its own. */
function couldNotRun(children: TestCollection): RunSummary["couldNotRun"] {
  return [...children.suites()].flatMap((suite) => {
    const { couldNotRun: reason } = suite.meta();
    return reason === undefined ? couldNotRun(suite.children) : [{ suite: suite.fullName, reason }];
  });
}
