/** Why words mean nothing here: what was expected, and the way out. What came instead is known to the caller. */
export interface Explanation {
  readonly expected: string;
  readonly wayOut: string;
  /** What is said of what came where the value itself may be a secret. Default: the value, short. */
  readonly got?: string;
}

/** What words mean, or the explanation why they mean nothing. Exactly one of the two is there. */
export type Parsed<Value> =
  | { readonly value: Value; readonly problem?: never }
  | { readonly problem: Explanation; readonly value?: never };

export const meaning = <Value>(value: Value): Parsed<Value> => ({ value });

export const noMeaning = (expected: string, wayOut: string): Parsed<never> => ({ problem: { expected, wayOut } });
