/** Names the file in which the reporter leaves its summary for `npm test`. */
export const summaryVariable = "UPKEEP_TEST_SUMMARY";

export interface RunSummary {
  readonly passed: number;
  /** Tests, files that did not load, suites whose hooks threw, and errors outside any test. */
  readonly failed: number;
  readonly skipped: number;
  /** Each failure by its place, with the first line of what it said. */
  readonly failures: readonly { readonly where: string; readonly said: string }[];
  /** Suites that need a part which this machine does not have. */
  readonly couldNotRun: readonly { readonly suite: string; readonly reason: string }[];
}

/** The end of the output: what failed, who could not run and why, then the totals alone in the last line. A log is often cut, its end never. */
export function closingLines({ passed, failed, skipped, failures, couldNotRun }: RunSummary): readonly string[] {
  const totals = [`${passed} passed`, `${failed} failed`, ...(skipped > 0 ? [`${skipped} skipped`] : [])];
  return [...failures.map(({ where, said }) => `failed: ${where}: ${said}`), ...couldNotRun.map(({ suite, reason }) => `could not run: ${suite}: ${reason}`), totals.join(", ")];
}

/** On a laptop a missing part is news; in CI each suite it stopped is a failure, because nobody reads the news there. */
export const judged = (summary: RunSummary, inCi: boolean): RunSummary =>
  inCi ? { ...summary, failed: summary.failed + summary.couldNotRun.length } : summary;
