/** Numbers and words for who reads the last line of a run with a program. */
export type Figures = Readonly<Record<string, unknown>>;

export interface Benchmark {
  readonly name: string;
  /** One sentence for the list. */
  readonly about: string;
  /** Prints its figures beside their targets as they come, and returns them. */
  readonly run: () => Promise<Figures>;
}
