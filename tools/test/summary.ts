/** Names the file in which the reporter leaves its summary for `npm test`. */
export const summaryVariable = "UPKEEP_TEST_SUMMARY";

export interface RunSummary {
  readonly passed: number;
  /** Tests, files that did not load, suites whose hooks threw, and errors outside any test. */
  readonly failed: number;
  readonly skipped: number;
  /** Suites that need a part which this machine does not have. */
  readonly couldNotRun: readonly { readonly suite: string; readonly reason: string }[];
}
